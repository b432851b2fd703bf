package dev.pitr.e2e;

import dev.pitr.restore.WalDelivery;
import java.nio.file.Path;

/** The ways in which a recovering server gets its WAL. */
enum Channel {
    SERVED {
        @Override
        WalDelivery delivery(Path repository) {
            return new WalDelivery.Served();
        }
    },
    STAGED {
        @Override
        WalDelivery delivery(Path repository) {
            return new WalDelivery.Staged();
        }
    },
    COMMAND {
        @Override
        WalDelivery delivery(Path repository) {
            return new WalDelivery.Command(FetchProgram.command(repository));
        }
    };

    /**
     * Returns the delivery.
     *
     * @param repository the folder of the repository's storage
     */
    abstract WalDelivery delivery(Path repository);
}
