package dev.pitr.e2e;

import dev.pitr.restore.WalDelivery;

/** The ways in which a recovering server gets its WAL. */
enum Channel {
    SERVED {
        @Override
        WalDelivery delivery(Site site) {
            return new WalDelivery.Served();
        }
    },
    STAGED {
        @Override
        WalDelivery delivery(Site site) {
            return new WalDelivery.Staged();
        }
    },
    COMMAND {
        @Override
        WalDelivery delivery(Site site) {
            return new WalDelivery.Command(FetchProgram.command(site));
        }
    };

    /**
     * Returns the delivery.
     *
     * @param site where the repository is
     */
    abstract WalDelivery delivery(Site site);
}
