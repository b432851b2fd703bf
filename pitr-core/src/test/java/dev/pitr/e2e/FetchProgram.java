package dev.pitr.e2e;

import dev.pitr.Pitr;
import dev.pitr.archive.FetchOutcome;
import dev.pitr.archive.RestoreCommand;
import dev.pitr.storage.FileSystemStorage;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.wal.WalFileName;
import java.nio.file.Path;
import java.util.List;

/** A program that a recovering server runs for each WAL file: repository folder, file name, path to write. */
final class FetchProgram {
    private FetchProgram() {}

    static List<String> command(Path repository) {
        return ChildJvm.command(FetchProgram.class, List.of(repository.toString()));
    }

    public static void main(String[] arguments) {
        try (ObjectStorage storage = FileSystemStorage.at(Path.of(arguments[0]))) {
            Pitr pitr = Pitr.at(storage, Scene.SERVICE);
            // A server asks for 00000001.history as well, which no server ever archives.
            boolean fetched = WalFileName.find(
                            arguments[1], pitr.repository().current().identity().segmentSize())
                    .filter(name -> pitr.fetcher().fetch(name, Path.of(arguments[2])) == FetchOutcome.FETCHED)
                    .isPresent();
            System.exit(fetched ? 0 : RestoreCommand.ABSENT_STATUS);
        }
    }
}
