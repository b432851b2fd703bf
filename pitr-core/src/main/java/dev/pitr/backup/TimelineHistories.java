package dev.pitr.backup;

import dev.pitr.archive.WalArchiver;
import dev.pitr.postgres.ReplicationConnection;
import dev.pitr.repository.Incarnation;
import dev.pitr.wal.TimelineHistory;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
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

    TimelineHistories(ReplicationConnection connection, Incarnation incarnation) {
        this.connection = connection;
        this.archiver = WalArchiver.builder(incarnation).build();
    }

    /**
     * Archives the history of a timeline, then those of its ancestors, as far as the server has them. Recovery needs the
     * timeline's own alone; the others are for restores to those timelines.
     *
     * @throws dev.pitr.archive.WalConflictException if the repository holds another history of one of these timelines
     */
    void archive(TimelineId timeline) {
        archiveOne(timeline).ifPresent(history -> history.forks().forEach(fork -> archiveOne(fork.parent())));
    }

    private Optional<TimelineHistory> archiveOne(TimelineId timeline) {
        if (timeline.equals(TimelineId.FIRST)) {
            return Optional.empty();
        }
        WalFileName.History name = new WalFileName.History(timeline);
        Optional<byte[]> content = connection.timelineHistory(timeline);
        if (content.isEmpty()) {
            LOG.debug("The server no longer has {}", name.name());
            return Optional.empty();
        }
        archiver.archive(name, content.get());
        return Optional.of(TimelineHistory.parse(timeline, new String(content.get(), StandardCharsets.ISO_8859_1)));
    }
}
