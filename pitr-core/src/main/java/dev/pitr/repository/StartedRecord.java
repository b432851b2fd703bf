package dev.pitr.repository;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pitr.wal.Lsn;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * {@code started.json}, and the mark that a backup was given up, which takes the place of its {@code backup.json}: that
 * key is created once, so a backup is either completed or given up, never both.
 */
final class StartedRecord {
    private static final String GIVEN_UP = "given-up";
    private static final String LEASE_UNTIL = "lease-until";

    private StartedRecord() {}

    static byte[] toJson(BackupStore.Started started) {
        return SealedJson.write(json -> {
            FormatVersion.write(json);
            write(json, started);
        });
    }

    static byte[] givenUp(BackupStore.Started started) {
        return SealedJson.write(json -> {
            FormatVersion.write(json);
            json.writeBooleanField(GIVEN_UP, true);
            write(json, started);
        });
    }

    private static void write(JsonGenerator json, BackupStore.Started started) throws IOException {
        json.writeStringField("id", started.id());
        json.writeStringField("owner", started.owner());
        json.writeStringField("started-at", started.startedAt().toString());
        json.writeStringField(LEASE_UNTIL, started.leaseUntil().toString());
        if (started.startLsn().isPresent()) {
            json.writeStringField("start-lsn", started.startLsn().get().toString());
        }
    }

    static boolean isGivenUp(JsonObject json) {
        return json.has(GIVEN_UP);
    }

    /** Whether this is one of the two records of an unfinished backup, not a backup's own. */
    static boolean isStarted(JsonObject json) {
        return json.has(LEASE_UNTIL);
    }

    static BackupStore.Started fromJson(JsonObject json) {
        return new BackupStore.Started(
                json.text("id"),
                json.text("owner"),
                json.parsed("started-at", Instant::parse),
                json.parsed(LEASE_UNTIL, Instant::parse),
                json.has("start-lsn") ? Optional.of(json.parsed("start-lsn", Lsn::parse)) : Optional.empty());
    }
}
