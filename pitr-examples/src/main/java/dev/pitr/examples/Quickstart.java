package dev.pitr.examples;

import dev.pitr.Pitr;
import dev.pitr.backup.BaseBackupResult;
import dev.pitr.history.ChangeKind;
import dev.pitr.history.HistoryEntry;
import dev.pitr.recovery.RestorePlan;
import dev.pitr.recovery.TargetAction;
import dev.pitr.restore.RestoreResult;
import dev.pitr.storage.FileSystemStorage;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The whole way once: a PostgreSQL server whose WAL is archived to a directory, a backup under load, a table dropped by
 * accident, found in the archived WAL, and a second server as the first one was just before.
 *
 * <p>Everything lies in one new temporary folder, which stays for a look around; both servers are stopped at the end.
 */
public final class Quickstart {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path home;
    private final Pitr pitr;

    private Quickstart(Path home) {
        this.home = home;
        this.pitr = Pitr.at(FileSystemStorage.create(home.resolve("repository")), "shop");
    }

    /**
     * Runs the story; an exception ends it with a failure.
     *
     * @param arguments none
     * @throws Exception if a step fails
     */
    public static void main(String[] arguments) throws Exception {
        Quickstart quickstart = new Quickstart(Files.createTempDirectory("pitr-quickstart"));
        Accident accident = quickstart.happens();
        quickstart.isUndone(accident);
    }

    /**
     * What is known of the accident when it is noticed: not when it happened.
     *
     * @param ordersBefore the orders that had been confirmed to customers before it, to check the restore by
     * @param ordersAtTheEnd the orders confirmed until it was noticed
     */
    private record Accident(long ordersBefore, long ordersAtTheEnd) {}

    private Accident happens() throws Exception {
        Path data = home.resolve("production");
        try (EmbeddedPostgres server = Servers.production(data)) {
            String url = Servers.url(server);
            pitr.init(url, Shop.user());
            say("PostgreSQL " + Shop.ask(url, "show server_version") + " runs in " + data);
            try (ContinuousArchiving archiving = ContinuousArchiving.start(pitr, data);
                    Shop shop = Shop.open(url)) {
                say("Its WAL is archived to " + home.resolve("repository") + ", and customers keep ordering");
                BaseBackupResult backup = pitr.backup(url, Shop.user()).build().run();
                say("Base backup " + backup.backup().id() + " is consistent at "
                        + backup.backup().stopLsn());

                long ordersBefore = shop.confirmedOrders();
                shop.dropCustomersByAccident();
                shop.awaitOrders(shop.confirmedOrders() + 500);
                say("Somebody notices that the table of customers is gone. Since when, nobody knows");
                archiving.finish(url);
                return new Accident(ordersBefore, shop.confirmedOrders());
            }
        }
    }

    private void isUndone(Accident accident) throws Exception {
        HistoryEntry drop = pitr.history()
                .only(ChangeKind.DROP)
                .names(pitr.namesOfBackups())
                .build()
                .newestFirst()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("The archived WAL shows no drop"));
        say("The archived WAL tells:\n\n" + drop.describe().indent(2).stripTrailing());
        RestorePlan plan =
                pitr.plan(drop.before().target()).action(TargetAction.PROMOTE).build();
        say("The way back:\n\n" + plan.describe().indent(2).stripTrailing());
        Path data = home.resolve("restored");
        try (RestoreResult restored = pitr.restore(plan, data).build().execute();
                EmbeddedPostgres server = Servers.restored(restored.dataDirectory(), PATIENCE)) {
            String url = Servers.url(server);
            long customers = Long.parseLong(Shop.ask(url, "select count(*) from customers"));
            long orders = Long.parseLong(Shop.ask(url, "select count(*) from orders"));
            if (customers != Shop.CUSTOMERS
                    || orders < accident.ordersBefore()
                    || orders >= accident.ordersAtTheEnd()) {
                throw new IllegalStateException("Restored " + customers + " customers and " + orders
                        + " orders, which is not how things were before " + drop);
            }
            say("Restored: " + customers + " customers are back. " + orders + " orders are there; the "
                    + (accident.ordersAtTheEnd() - orders) + " made after the accident are not");
        }
        say("Both servers are stopped. Look around in " + home + ":\n"
                + "  repository  backups and WAL, as docs/repository-format.md describes\n"
                + "  production  the data directory with the accident\n"
                + "  restored    the data directory from just before it");
    }

    private static void say(String text) {
        System.out.println("\n* " + text);
    }
}
