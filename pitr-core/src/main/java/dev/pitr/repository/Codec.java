package dev.pitr.repository;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * How the parts of a backup are compressed: zstd or gzip, with a level, or not at all. Immutable and thread-safe.
 *
 * <p>A part is a run of frames that are compressed independently; the concatenation of frames is again what
 * {@code zstd -d}, {@code gzip -d} or {@code cat} reads as a whole.
 */
public abstract sealed class Codec permits ZstdCodec, GzipCodec, StoreCodec {
    Codec() {}

    /**
     * Returns zstd at level 3.
     *
     * @return the default
     */
    public static Codec zstd() {
        return new ZstdCodec(ZstdCodec.DEFAULT_LEVEL);
    }

    /**
     * Returns zstd.
     *
     * @param level 1 to 22; from 20 on, unpacking needs more than the usual memory
     * @return the codec
     * @throws IllegalArgumentException if the level is out of range
     */
    public static Codec zstd(int level) {
        return new ZstdCodec(level);
    }

    /**
     * Returns gzip.
     *
     * @param level 1 to 9
     * @return the codec
     * @throws IllegalArgumentException if the level is out of range
     */
    public static Codec gzip(int level) {
        return new GzipCodec(level);
    }

    /**
     * Returns no compression.
     *
     * @return the codec
     */
    public static Codec none() {
        return StoreCodec.INSTANCE;
    }

    /**
     * Parses the text form.
     *
     * @param text {@code zstd}, {@code zstd:3}, {@code gzip}, {@code gzip:6} or {@code none}
     * @return the codec
     * @throws IllegalArgumentException if it is none of these, or the level is out of range
     */
    public static Codec parse(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        return switch (name) {
            case "zstd" -> zstd(level(text, colon, ZstdCodec.DEFAULT_LEVEL));
            case "gzip" -> gzip(level(text, colon, GzipCodec.DEFAULT_LEVEL));
            case "none" -> {
                if (colon >= 0) {
                    throw unknown(text);
                }
                yield none();
            }
            default -> throw unknown(text);
        };
    }

    private static int level(String text, int colon, int byDefault) {
        try {
            return colon < 0 ? byDefault : Integer.parseInt(text.substring(colon + 1));
        } catch (NumberFormatException e) {
            throw unknown(text);
        }
    }

    private static IllegalArgumentException unknown(String text) {
        return new IllegalArgumentException(
                "Unknown compression \"" + text + "\": expected zstd, zstd:LEVEL, gzip, gzip:LEVEL or none");
    }

    /**
     * Returns the codec that reads a stored part.
     *
     * @param name the part's name
     * @return the codec whose {@link #partSuffix()} it has
     * @throws RepositoryException repository.unsupported-feature if it has no known suffix
     */
    public static Codec ofPart(String name) {
        for (Codec codec : new Codec[] {zstd(), gzip(GzipCodec.DEFAULT_LEVEL), none()}) {
            if (name.endsWith(codec.partSuffix())) {
                return codec;
            }
        }
        throw new RepositoryException(
                "repository.unsupported-feature",
                "Cannot read part " + name + ": its compression is unknown to this version of pitr. Use a newer one.",
                null);
    }

    /**
     * Returns what the names of parts end with.
     *
     * @return {@code .tar.zst}, {@code .tar.gz} or {@code .tar}
     */
    public abstract String partSuffix();

    /**
     * Opens a compressor of frames, which keeps the codec's context.
     *
     * @return the compressor, for one thread at a time, to be closed by the caller
     */
    public abstract FrameCompressor frameCompressor();

    /**
     * Returns the most bytes that a frame can take.
     *
     * @param rawLength the frame's raw bytes, 0 or more
     * @return bytes
     */
    public abstract int maxCompressedLength(int rawLength);

    /**
     * Decompresses a run of one or more frames. Damage ends in an {@link IOException}.
     *
     * @param stored the frames; closed with the returned stream
     * @return the raw bytes, to be closed by the caller
     * @throws IOException if the stream can't be read
     */
    public abstract InputStream decompress(InputStream stored) throws IOException;

    /**
     * Compresses a stream into one frame.
     *
     * @param stored takes the compressed bytes; closed with the returned stream
     * @return takes the raw bytes; closing it ends the frame
     * @throws IOException if nothing can be written
     */
    public abstract OutputStream compress(OutputStream stored) throws IOException;
}
