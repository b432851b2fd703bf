package dev.pitr.repository;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The container of a WAL file: a zstd skippable frame that holds the header, then the compressed file. {@code zstd -d}
 * passes over the first and yields exactly the second.
 */
final class WalContainer {
    /** One of the magic numbers that the zstd format (RFC 8878, 3.1.2) reserves for skippable frames. */
    private static final int SKIPPABLE_MAGIC = 0x184D2A50;

    /** The skippable frame's own head: magic and length, both little-endian. */
    static final int FRAME_HEAD_BYTES = 8;

    /** Far above any header; a greater length is damage, not worth an allocation. */
    private static final int MAX_HEADER_BYTES = 16 << 20;

    private WalContainer() {}

    static byte[] frame(byte[] header) {
        return ByteBuffer.allocate(FRAME_HEAD_BYTES + header.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(SKIPPABLE_MAGIC)
                .putInt(header.length)
                .put(header)
                .array();
    }

    /** The header's length, from at least the frame's own head. */
    static int headerLength(String where, byte[] start) {
        if (start.length < FRAME_HEAD_BYTES) {
            throw RepositoryException.corrupt(where, "it ends after " + start.length + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN);
        int length = in.getInt(4);
        if (in.getInt(0) != SKIPPABLE_MAGIC || length <= 0 || length > MAX_HEADER_BYTES) {
            throw RepositoryException.corrupt(where, "it doesn't start as a container of a WAL file does");
        }
        return length;
    }

    /** Reads the header and leaves the stream at the start of the data. */
    static WalHeader readHeader(String where, InputStream in) throws IOException {
        int length = headerLength(where, in.readNBytes(FRAME_HEAD_BYTES));
        byte[] header = in.readNBytes(length);
        if (header.length < length) {
            throw RepositoryException.corrupt(where, "it ends inside its header");
        }
        return WalHeader.fromJson(where, header);
    }

    /** The file inside, verified at its end; takes over the stream, which stands at the start of the data. */
    static InputStream open(String where, WalHeader header, InputStream in) {
        return VerifiedZstd.open(
                where,
                new VerifyingInputStream(in, where, header.dataSizeBytes(), header.dataSha256()),
                header.rawSizeBytes(),
                header.rawSha256());
    }
}
