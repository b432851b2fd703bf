package dev.pitr.examples.cli;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.Catalogue;
import dev.pitr.catalog.WalCoverage;
import dev.pitr.repository.BackupStore;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.TimelineId;
import java.util.List;
import java.util.Locale;

/** The catalogue for people. */
final class CatalogText {
    private final Catalogue catalogue;
    private final List<BackupStore.Started> unfinished;
    private final StringBuilder text = new StringBuilder();

    CatalogText(Catalogue catalogue, List<BackupStore.Started> unfinished) {
        this.catalogue = catalogue;
        this.unfinished = unfinished;
    }

    String print() {
        line(catalogue.identity().toString());
        backups();
        wal();
        timelines();
        catalogue.unreadable().forEach(object -> line("\nUNREADABLE: " + object));
        return text.toString().stripTrailing();
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private void backups() {
        line("\nBackups");
        for (Backup backup : catalogue.backups()) {
            line(String.format(
                    Locale.ROOT,
                    "  %-24s %s  consistent at %s on timeline %s  %s",
                    backup.id(),
                    backup.finishedAt(),
                    backup.stopLsn(),
                    backup.stopTimeline(),
                    Sizes.print(backup.storedSizeBytes())));
        }
        if (catalogue.backups().isEmpty()) {
            line("  none");
        }
        for (BackupStore.Started started : unfinished) {
            line("  " + started.id() + " is unfinished: running, or what a killed job left; its lease ends "
                    + started.leaseUntil() + " (" + started.owner() + ")");
        }
    }

    private void wal() {
        line("\nWAL");
        for (TimelineId timeline : catalogue.wal().timelines()) {
            String lead = "  timeline " + timeline + ": ";
            for (WalCoverage.Run run : catalogue.wal().runs(timeline)) {
                line(lead + run.first().name() + " to " + run.last().name());
                lead = "    GAP, then ";
            }
        }
        catalogue.partials().forEach(partial -> line("  partial segment: " + partial.name()));
    }

    private void timelines() {
        if (!catalogue.histories().isEmpty()) {
            line("\nTimelines");
        }
        for (TimelineHistory history : catalogue.histories().values()) {
            for (TimelineHistory.Fork fork : history.forks()) {
                line("  " + history.timeline() + " left " + fork.parent() + " at " + fork.switchPoint() + "  "
                        + fork.reason());
            }
        }
    }
}
