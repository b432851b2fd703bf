package dev.pitr.repository;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import dev.pitr.wal.WalFileName;
import dev.pitr.wal.WalPageHeader;
import dev.pitr.wal.WalSegmentSize;
import dev.pitr.wal.record.SegmentSummary;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the container of a WAL file tells of the file inside. Immutable; grows with releases.
 *
 * <p>Read by one ranged read of a few KiB, without touching the data.
 */
public final class WalHeader {
    private final String name;
    private final long rawSizeBytes;
    private final String rawSha256;
    private final long dataSizeBytes;
    private final String dataSha256;
    private final @Nullable WalPageHeader page;
    private final @Nullable StoredSummary summary;

    private WalHeader(
            String name,
            long rawSizeBytes,
            String rawSha256,
            long dataSizeBytes,
            String dataSha256,
            @Nullable WalPageHeader page,
            @Nullable StoredSummary summary) {
        this.name = name;
        this.rawSizeBytes = rawSizeBytes;
        this.rawSha256 = rawSha256;
        this.dataSizeBytes = dataSizeBytes;
        this.dataSha256 = dataSha256;
        this.page = page;
        this.summary = summary;
    }

    static WalHeader of(WalFileName file, WalCompressor.Result compressed) {
        return new WalHeader(
                file.name(),
                compressed.rawSizeBytes(),
                compressed.rawSha256(),
                compressed.dataSizeBytes(),
                compressed.dataSha256(),
                compressed.page().orElse(null),
                compressed.summary().map(StoredSummary::of).orElse(null));
    }

    /**
     * Returns the name under which the file was archived.
     *
     * @return the server's name, without a suffix of ours
     */
    public String name() {
        return name;
    }

    /**
     * Returns the size of the file.
     *
     * @return bytes, uncompressed
     */
    public long rawSizeBytes() {
        return rawSizeBytes;
    }

    /**
     * Returns the hash of the file.
     *
     * @return SHA-256 of the uncompressed bytes, 64 lower-case hexadecimal digits
     */
    public String rawSha256() {
        return rawSha256;
    }

    /**
     * Returns what the first page of a segment or partial segment says.
     *
     * @return its header; empty for other files
     */
    public Optional<WalPageHeader> page() {
        return Optional.ofNullable(page);
    }

    /**
     * Returns what a segment or partial segment says of itself.
     *
     * @return its summary, not joined to the one before; empty for other files, and for segments that were archived by
     *     versions of pitr that made none, or one of a kind that this version doesn't know
     * @throws RepositoryException repository.corrupt if it makes no sense, which its checksum would have told of damage
     */
    public Optional<SegmentSummary> summary() {
        return summary == null ? Optional.empty() : summary.read();
    }

    long dataSizeBytes() {
        return dataSizeBytes;
    }

    String dataSha256() {
        return dataSha256;
    }

    byte[] toJson(ClusterIdentity identity) {
        return SealedJson.write(json -> {
            FormatVersion.write(json);
            json.writeStringField("name", name);
            IdentityJson.write(json, identity);
            json.writeNumberField("raw-size", rawSizeBytes);
            json.writeStringField("raw-sha256", rawSha256);
            json.writeNumberField("data-size", dataSizeBytes);
            json.writeStringField("data-sha256", dataSha256);
            if (page != null) {
                writePage(json, page);
            }
            if (summary != null) {
                summary.write(json);
            }
        });
    }

    private static void writePage(JsonGenerator json, WalPageHeader page) throws IOException {
        json.writeObjectFieldStart("page");
        json.writeNumberField("major", page.version().major());
        json.writeNumberField("flags", page.flags());
        json.writeNumberField("timeline", page.timeline().value());
        json.writeStringField("address", page.address().toString());
        json.writeNumberField("remaining-length", page.remainingLength());
        json.writeStringField("system-identifier", Long.toUnsignedString(page.systemIdentifier()));
        json.writeNumberField("segment-size", page.segmentSize().bytes());
        json.writeEndObject();
    }

    static WalHeader fromJson(String where, byte[] bytes) {
        JsonObject json = FormatVersion.check(SealedJson.read(where, bytes));
        return new WalHeader(
                json.text("name"),
                json.number("raw-size"),
                json.text("raw-sha256"),
                json.number("data-size"),
                json.text("data-sha256"),
                json.has("page") ? readPage(json.object("page")) : null,
                StoredSummary.find(json).orElse(null));
    }

    private static WalPageHeader readPage(JsonObject page) {
        return new WalPageHeader(
                PostgresVersion.ofMajor((int) page.number("major")),
                (int) page.number("flags"),
                new TimelineId(page.number("timeline")),
                page.parsed("address", Lsn::parse),
                (int) page.number("remaining-length"),
                page.parsed("system-identifier", Long::parseUnsignedLong),
                new WalSegmentSize((int) page.number("segment-size")));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WalHeader header
                && header.name.equals(name)
                && header.rawSizeBytes == rawSizeBytes
                && header.rawSha256.equals(rawSha256)
                && header.dataSizeBytes == dataSizeBytes
                && header.dataSha256.equals(dataSha256)
                && Objects.equals(header.page, page);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, rawSha256, dataSha256);
    }

    @Override
    public String toString() {
        return name + ", " + rawSizeBytes + " bytes, SHA-256 " + rawSha256;
    }
}
