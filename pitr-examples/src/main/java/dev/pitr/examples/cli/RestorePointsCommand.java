package dev.pitr.examples.cli;

import dev.pitr.history.ChangeKind;
import dev.pitr.history.HistoryBuilder;
import dev.pitr.history.HistoryEntry;
import dev.pitr.wal.TimelineId;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pitr restore-points}. */
@Command(
        name = "restore-points",
        description = {
            "Lists the named restore points in the archived WAL, newest first. Exits 44 if there is none.",
            "A recovery to a name stops at the first one behind its backup: of several, name the position."
        })
final class RestorePointsCommand extends Subcommand {
    @Option(names = "--timeline", paramLabel = "NUMBER", description = "The timeline to follow. Default: the newest.")
    private @Nullable Long timeline;

    @Option(names = "--limit", paramLabel = "N", description = "How many to list. Default: 1000.")
    private int limit = 1000;

    @Override
    public Integer call() {
        HistoryBuilder query = repository().open().history().only(ChangeKind.RESTORE_POINT);
        if (timeline != null) {
            query.timeline(new TimelineId(timeline));
        }
        List<HistoryEntry> found;
        try (Stream<HistoryEntry> entries = query.build().newestFirst()) {
            found = entries.limit(limit).toList();
        }
        output().print(text(found), json -> {
            json.writeArrayFieldStart("restore-points");
            for (HistoryEntry point : found) {
                json.writeStartObject();
                json.writeStringField("name", point.name());
                json.writeStringField("time", point.time().toString());
                json.writeStringField("start", point.start().toString());
                json.writeStringField("end", point.end().toString());
                json.writeNumberField("timeline", point.timeline().value());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
        return (found.isEmpty() ? ExitCode.ABSENT : ExitCode.OK).status();
    }

    private static String text(List<HistoryEntry> found) {
        if (found.isEmpty()) {
            return "The archived WAL holds no restore point.";
        }
        return found.stream()
                .map(point -> String.format(
                        Locale.ROOT,
                        "%-27s  timeline %s  %-12s  %s",
                        point.time(),
                        point.timeline(),
                        point.end(),
                        point.name()))
                .collect(Collectors.joining("\n"));
    }
}
