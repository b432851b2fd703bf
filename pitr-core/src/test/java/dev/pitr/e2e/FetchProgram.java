package dev.pitr.e2e;

import dev.pitr.Pitr;
import dev.pitr.archive.FetchOutcome;
import dev.pitr.archive.RestoreCommand;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.storage.StorageUrl;
import dev.pitr.wal.WalFileName;
import java.nio.file.Path;
import java.util.List;

/** A program that a recovering server runs for each WAL file: storage URL, file name, path to write. */
final class FetchProgram {
    private FetchProgram() {}

    static List<String> command(Site site) {
        return ChildJvm.command(FetchProgram.class, site.jvmOptions(), List.of(site.url()));
    }

    public static void main(String[] arguments) {
        try (ObjectStorage storage = StorageUrl.parse(arguments[0]).open()) {
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
