package dev.pitr.examples.cli;

import dev.pitr.Pitr;
import dev.pitr.archive.ArchiveOutcome;
import dev.pitr.archive.FetchOutcome;
import dev.pitr.archive.WalFetcher;
import dev.pitr.archive.WalSource;
import dev.pitr.repository.Incarnation;
import dev.pitr.wal.WalFileName;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The two commands that a server calls once for each segment. In their plain form they are recognised here, before the
 * command-line library is loaded, since its start-up costs more than their work.
 */
final class WalCommands {
    private WalCommands() {}

    static ArchiveOutcome archive(Pitr pitr, Path file) {
        return pitr.archiver().build().archive(file);
    }

    static FetchOutcome fetch(Pitr pitr, String name, Path to) {
        Incarnation incarnation = pitr.repository().current();
        WalFetcher fetcher = WalFetcher.from(WalSource.of(incarnation.wal()));
        // A server asks for 00000001.history as well, which none ever archives: absent, not a fault.
        return WalFileName.find(name, incarnation.identity().segmentSize())
                .map(file -> fetcher.fetch(file, to))
                .orElse(FetchOutcome.ABSENT);
    }

    static int status(FetchOutcome outcome) {
        return (outcome == FetchOutcome.FETCHED ? ExitCode.OK : ExitCode.ABSENT).status();
    }

    /** Runs a plain {@code archive PATH} or {@code fetch NAME PATH}; empty if the command line is anything else. */
    static OptionalInt tryRun(String[] arguments) {
        return tryRun(arguments, System.getenv());
    }

    private static OptionalInt tryRun(String[] arguments, Map<String, String> environment) {
        String repository = environment.getOrDefault("PITR_REPOSITORY", "");
        String cluster = environment.getOrDefault("PITR_CLUSTER", RepositoryOptions.DEFAULT_CLUSTER);
        List<String> words = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            if (i + 1 < arguments.length && arguments[i].equals(RepositoryOptions.REPOSITORY)) {
                repository = arguments[++i];
            } else if (i + 1 < arguments.length && arguments[i].equals(RepositoryOptions.CLUSTER)) {
                cluster = arguments[++i];
            } else {
                words.add(arguments[i]);
            }
        }
        boolean plain = !repository.isEmpty() && words.stream().noneMatch(word -> word.startsWith("-"));
        return plain ? tryRun(repository, cluster, words) : OptionalInt.empty();
    }

    private static OptionalInt tryRun(String repository, String cluster, List<String> words) {
        try {
            if (words.size() == 2 && words.get(0).equals("archive")) {
                archive(RepositoryOptions.open(repository, cluster), Path.of(words.get(1)));
                return OptionalInt.of(ExitCode.OK.status());
            }
            if (words.size() == 3 && words.get(0).equals("fetch")) {
                return OptionalInt.of(status(
                        fetch(RepositoryOptions.open(repository, cluster), words.get(1), Path.of(words.get(2)))));
            }
            return OptionalInt.empty();
        } catch (RuntimeException e) {
            PrintWriter err = new PrintWriter(System.err, true, Charset.defaultCharset());
            return OptionalInt.of(new Failure(e, false).report(err, err));
        }
    }
}
