package dev.pitr.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodecTest {
    @ParameterizedTest
    @ValueSource(strings = {"zstd:1", "zstd:3", "zstd:19", "gzip:1", "gzip:6", "gzip:9", "none"})
    void readsARunOfFramesAsOne(String text) throws IOException {
        Codec codec = Codec.parse(text);
        byte[] raw = halfRandom(3_000_000);
        ByteArrayOutputStream part = new ByteArrayOutputStream();
        try (FrameCompressor frames = codec.frameCompressor()) {
            for (int offset = 0; offset < raw.length; offset += 1_000_000) {
                byte[] target = new byte[codec.maxCompressedLength(1_000_000)];
                part.write(target, 0, frames.compress(raw, offset, 1_000_000, target));
            }
        }
        assertThat(codec.toString()).isEqualTo(text);
        assertThat(Codec.ofPart("base/00001" + codec.partSuffix()).partSuffix()).isEqualTo(codec.partSuffix());
        assertThat(read(codec, new ByteArrayInputStream(part.toByteArray()))).isEqualTo(raw);
        assertThat(read(codec, new Hesitant(part.toByteArray()))).isEqualTo(raw);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zstd", "gzip", "none"})
    void fitsBytesThatDoNotCompress(String text) throws IOException {
        Codec codec = Codec.parse(text);
        Random random = new Random(5);
        try (FrameCompressor frames = codec.frameCompressor()) {
            for (int length : new int[] {0, 1, 511, 512, 65_535, 65_536, 1_000_003}) {
                byte[] raw = new byte[length];
                random.nextBytes(raw);
                byte[] target = new byte[codec.maxCompressedLength(length)];
                int stored = frames.compress(raw, 0, length, target);
                InputStream in = new ByteArrayInputStream(target, 0, stored);
                assertThat(read(codec, in)).isEqualTo(raw);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zstd", "gzip"})
    void refusesATruncatedFrame(String text) throws IOException {
        Codec codec = Codec.parse(text);
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        try (OutputStream out = codec.compress(stored)) {
            out.write(halfRandom(100_000));
        }
        byte[] cut = Arrays.copyOf(stored.toByteArray(), stored.size() - 1);
        assertThatThrownBy(() -> read(codec, new ByteArrayInputStream(cut))).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "zip", "zstd:", "zstd:0", "zstd:23", "gzip:0", "gzip:10", "none:1", "zstd:3 "})
    void refusesWhatItDoesNotKnow(String text) {
        assertThatThrownBy(() -> Codec.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void namesThePartThatItCannotRead() {
        assertThatThrownBy(() -> Codec.ofPart("base/00001.tar.xz"))
                .isInstanceOf(RepositoryException.class)
                .hasMessageContaining("base/00001.tar.xz");
    }

    private static byte[] halfRandom(int length) {
        byte[] raw = new byte[length];
        new Random(3).nextBytes(raw);
        for (int i = 0; i < length; i += 4) {
            raw[i] = 0;
            raw[i + 1] = 1;
        }
        return raw;
    }

    private static byte[] read(Codec codec, InputStream stored) throws IOException {
        try (InputStream in = codec.decompress(stored)) {
            return in.readAllBytes();
        }
    }

    /** A source that gives a few bytes at a time and never says that more are at hand, as a network does. */
    private static final class Hesitant extends FilterInputStream {
        Hesitant(byte[] bytes) {
            super(new ByteArrayInputStream(bytes));
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            return super.read(buffer, offset, Math.min(length, 1021));
        }

        @Override
        public int available() {
            return 0;
        }
    }
}
