package dev.pitr.recovery;

import dev.pitr.catalog.WalIndex;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.record.WalEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a person should know of a route whose WAL was read. */
final class ProofWarnings {
    private static final int MAX_NAMESAKES = 5;

    private final Planner planner;
    private final Route route;
    private final Proof proof;
    private final WalIndex index;

    ProofWarnings(Planner planner, Route route, Proof proof, WalIndex index) {
        this.planner = planner;
        this.route = route;
        this.proof = proof;
        this.index = index;
    }

    List<String> list() {
        List<String> warnings = new ArrayList<>();
        DatabaseDropCheck.of(
                        route.backup(),
                        proof.search().databaseDrops(),
                        proof.stop().end(),
                        records())
                .map(ProofWarnings::halfDrop)
                .ifPresent(warnings::add);
        if (proof.target() instanceof RecoveryTarget.Name name) {
            namesakes(name.name(), warnings);
        }
        return warnings;
    }

    /** Whether the server can pause at the end. */
    HotStandby.State hotStandby() {
        return HotStandby.at(route.backup(), proof.stop().end(), records());
    }

    private PathRecords records() {
        return new PathRecords(path(), index, route.backup().identity().segmentSize());
    }

    private TimelinePath path() {
        return new TimelinePath(route.history(), route.backup().identity().segmentSize(), planner.wal());
    }

    private static String halfDrop(DatabaseDropCheck.HalfDrop drop) {
        return "Recovery stops in the middle of a DROP DATABASE: the files of database " + drop.database()
                + " are removed, but its row in pg_database is back. To keep the database, restore to lsn "
                + drop.undone() + " exclusive instead.";
    }

    /** Of several restore points of one name, the first behind the backup's start counts. */
    private void namesakes(String name, List<String> warnings) {
        List<Lsn> positions;
        try (Stream<WalEvent.RestorePoint> points =
                new RestorePoints(planner.catalogue(), index, planner.wal(), route.history()).all()) {
            positions = points.filter(point -> point.name().equals(name))
                    .map(WalEvent.RestorePoint::end)
                    .limit(MAX_NAMESAKES)
                    .toList();
        }
        if (positions.size() > 1) {
            warnings.add("Several restore points are named \"" + name + "\", ending at "
                    + positions.stream().map(Lsn::toString).collect(Collectors.joining(", "))
                    + (positions.size() == MAX_NAMESAKES ? " and perhaps behind" : "")
                    + ". From this backup recovery stops at " + proof.stop().end()
                    + ", the first behind its start. For an earlier one name an older backup, for a later one its"
                    + " position.");
        }
    }
}
