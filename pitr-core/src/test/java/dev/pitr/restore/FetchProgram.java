package dev.pitr.restore;

import dev.pitr.archive.FetchOutcome;
import dev.pitr.archive.RestoreCommand;
import dev.pitr.archive.WalFetcher;
import dev.pitr.archive.WalSource;
import dev.pitr.repository.Incarnation;
import dev.pitr.repository.Repository;
import dev.pitr.storage.FileSystemStorage;
import dev.pitr.wal.WalFileName;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The program of the command channel: fetches one file of a repository that lies in a folder. */
final class FetchProgram {
    private FetchProgram() {}

    /** The words of a command line that runs this with the class path of the tests. */
    static List<String> words(Path store) {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return List.of(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                FetchProgram.class.getName(),
                store.toString());
    }

    /**
     * Runs.
     *
     * @param args the store's folder, the name, the path
     */
    public static void main(String[] args) {
        System.exit(run(Path.of(args[0]), args[1], Path.of(args[2])));
    }

    private static int run(Path store, String file, Path target) {
        Incarnation incarnation =
                Repository.at(FileSystemStorage.at(store), "test").current();
        Optional<WalFileName> name =
                WalFileName.find(file, incarnation.identity().segmentSize());
        if (name.isEmpty()) {
            return RestoreCommand.ABSENT_STATUS;
        }
        FetchOutcome outcome = WalFetcher.from(WalSource.of(incarnation.wal())).fetch(name.get(), target);
        return outcome == FetchOutcome.FETCHED ? 0 : RestoreCommand.ABSENT_STATUS;
    }
}
