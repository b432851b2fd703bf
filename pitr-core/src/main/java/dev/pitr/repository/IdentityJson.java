package dev.pitr.repository;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalSegmentSize;
import java.io.IOException;

/** A cluster's identity as three JSON fields. */
final class IdentityJson {
    private IdentityJson() {}

    /** Writes into an object that is open. The system identifier is a text: it doesn't fit every tool's numbers. */
    static void write(JsonGenerator json, ClusterIdentity identity) throws IOException {
        json.writeNumberField("major", identity.version().major());
        json.writeStringField("system-identifier", Long.toUnsignedString(identity.systemIdentifier()));
        json.writeNumberField("segment-size", identity.segmentSize().bytes());
    }

    static ClusterIdentity read(JsonObject json) {
        return new ClusterIdentity(
                json.parsed("system-identifier", Long::parseUnsignedLong),
                PostgresVersion.ofMajor((int) json.number("major")),
                new WalSegmentSize((int) json.number("segment-size")));
    }
}
