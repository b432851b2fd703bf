package dev.pitr.backup;

import dev.pitr.archive.WalArchiver;
import dev.pitr.postgres.ReplicationConnection;
import dev.pitr.repository.Incarnation;
import dev.pitr.repository.WalStore;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The histories of a server's timeline and its ancestors, on their way into the archive.
 *
 * <p>A server archives a history once, when it is promoted. A repository that was opened later never gets it that way,
 * and without it no server can be told to follow that timeline ({@code StartupXLOG}: "recovery target timeline does not
 * exist").
 */
final class TimelineHistories {
    private static final Logger LOG = LoggerFactory.getLogger(TimelineHistories.class);

    private final ReplicationConnection connection;
    private final WalArchiver archiver;
    private final WalStore archived;

    TimelineHistories(ReplicationConnection connection, Incarnation incarnation) {
        this.connection = connection;
        this.archiver = WalArchiver.builder(incarnation).build();
        this.archived = incarnation.wal();
    }

    /**
     * Archives the history of a timeline, then those of its ancestors, as far as the server has them. Recovery needs the
     * timeline's own alone; the others are for restores to those timelines.
     *
     * @throws dev.pitr.archive.WalConflictException if the repository holds another history of one of these timelines
     */
    void archive(TimelineId timeline) {
        each(timeline, name -> true);
    }

    /**
     * Compares the histories with what the repository holds of them. Nothing is stored yet: a backup that fails must not
     * have taken a timeline's number from another server of the cluster.
     *
     * @throws dev.pitr.archive.WalConflictException if the repository holds another history of one of these timelines
     */
    void compare(TimelineId timeline) {
        each(timeline, name -> archived.header(name).isPresent());
    }

    private void each(TimelineId timeline, Predicate<WalFileName> wanted) {
        one(timeline, wanted).ifPresent(history -> history.forks().forEach(fork -> one(fork.parent(), wanted)));
    }

    private Optional<TimelineHistory> one(TimelineId timeline, Predicate<WalFileName> wanted) {
        if (timeline.equals(TimelineId.FIRST)) {
            return Optional.empty();
        }
        WalFileName.History name = new WalFileName.History(timeline);
        Optional<byte[]> content = connection.timelineHistory(timeline);
        if (content.isEmpty()) {
            LOG.debug("The server no longer has {}", name.name());
            return Optional.empty();
        }
        if (wanted.test(name)) {
            archiver.archive(name, content.get());
        }
        return Optional.of(TimelineHistory.parse(timeline, new String(content.get(), StandardCharsets.ISO_8859_1)));
    }
}
