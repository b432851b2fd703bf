package dev.pitr.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.TimelineId;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackupManifestTest {
    private static final String HEAD = "{ \"PostgreSQL-Backup-Manifest-Version\": 1,\n\"Files\": [\n";
    private static final String RANGES = """
            ],
            "WAL-Ranges": [
            { "Timeline": 2, "Start-LSN": "0/3000000", "End-LSN": "0/4000000" },
            { "Timeline": 1, "Start-LSN": "0/2000028", "End-LSN": "0/3000000" }
            ],
            """;

    @ParameterizedTest
    @EnumSource
    void readsWhatEachVersionWrites(PostgresVersion version) {
        List<ManifestFile> files = new ArrayList<>();

        BackupManifest manifest = BackupManifest.read(new ByteArrayInputStream(Golden.manifest(version)), files::add);

        BackupLabel label = BackupLabel.parse(Golden.read(version, "backup_label"));
        ControlFile control = ControlFile.parse(Golden.read(version, "pg_control"));
        assertThat(manifest.version()).isEqualTo(version.isAtLeast(PostgresVersion.V17) ? 2 : 1);
        if (version.isAtLeast(PostgresVersion.V17)) {
            assertThat(manifest.systemIdentifier()).contains(control.identity().systemIdentifier());
        } else {
            assertThat(manifest.systemIdentifier()).isEmpty();
        }
        assertThat(manifest.walRanges()).singleElement().satisfies(range -> {
            assertThat(range.timeline()).isEqualTo(TimelineId.FIRST);
            assertThat(range.start()).isEqualTo(label.startLsn());
            assertThat(range.end()).isGreaterThan(label.checkpointLsn());
        });
        assertThat(manifest.fileCount()).isEqualTo(files.size()).isGreaterThan(900);
        assertThat(manifest.totalBytes())
                .isEqualTo(files.stream().mapToLong(ManifestFile::sizeBytes).sum());
    }

    @ParameterizedTest
    @EnumSource
    void computesTheChecksumsThatServersPrint(PostgresVersion version) {
        Map<String, ManifestFile> files = new HashMap<>();
        BackupManifest.read(new ByteArrayInputStream(Golden.manifest(version)), file -> files.put(file.path(), file));
        byte[] label = Golden.read(version, "backup_label");
        ManifestFile listed = files.get("backup_label");

        ManifestChecksum.Computation checksum = listed.algorithm().start();
        checksum.update(label, 0, label.length);

        assertThat(listed.algorithm()).isEqualTo(ManifestChecksum.CRC32C);
        assertThat(listed.sizeBytes()).isEqualTo(label.length);
        assertThat(listed.hasChecksum(checksum.finish())).isTrue();
        assertThat(listed.lastModified())
                .isBetween(Instant.parse("2026-11-20T12:00:00Z"), Instant.parse("2026-11-20T13:00:00Z"));
    }

    @Test
    void refusesBytesThatAreNoText() {
        byte[] lookingLikeWideCharacters = {'{', 0, 0, 0, 0, 0, 0, '1', 9, 34, '"', ','};
        assertThatThrownBy(() -> BackupManifest.read(new ByteArrayInputStream(lookingLikeWideCharacters), file -> {}))
                .isInstanceOf(ServerFileException.class)
                .hasMessageContaining("it is no text");
    }

    @Test
    void readsEncodedPathsSeveralTimelinesAndEachAlgorithm() {
        String files = lines(
                file("\"Path\": \"plain\"", "NONE", ""),
                file("\"Encoded-Path\": \"62617365ff\"", "SHA224", "00".repeat(28)),
                file("\"Path\": \"caf\\u00e9\"", "SHA256", "AB".repeat(32)),
                file("\"Encoded-Path\": \"636166c3a9\"", "SHA384", "00".repeat(48)),
                file("\"Path\": \"e\"", "SHA512", "00".repeat(64)));
        List<ManifestFile> read = new ArrayList<>();

        BackupManifest manifest = BackupManifest.read(sealed(HEAD + files + RANGES), read::add);

        assertThat(read).extracting(ManifestFile::path).containsExactly("plain", "baseÿ", "café", "café", "e");
        assertThat(read)
                .extracting(ManifestFile::algorithm)
                .extracting(Enum::name)
                .containsExactly("NONE", "SHA224", "SHA256", "SHA384", "SHA512");
        assertThat(read.get(2)).hasToString("café, 7 bytes, SHA256 " + "ab".repeat(32));
        assertThat(manifest.walRanges())
                .containsExactly(
                        new WalRange(new TimelineId(2), Lsn.parse("0/3000000"), Lsn.parse("0/4000000")),
                        new WalRange(new TimelineId(1), Lsn.parse("0/2000028"), Lsn.parse("0/3000000")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"Path\": \"a\", \"Size\": -1, \"Last-Modified\": \"2026-11-20 12:30:52 GMT\"",
                "\"Path\": \"a\", \"Size\": 1.5, \"Last-Modified\": \"2026-11-20 12:30:52 GMT\"",
                "\"Path\": \"a\", \"Size\": 99999999999999999999, \"Last-Modified\": \"2026-11-20 12:30:52 GMT\"",
                "\"Path\": \"a\", \"Size\": 1",
                "\"Size\": 1, \"Last-Modified\": \"2026-11-20 12:30:52 GMT\"",
                "\"Path\": \"a\", \"Path\": \"b\", \"Size\": 1, \"Last-Modified\": \"2026-11-20 12:30:52 GMT\"",
                "\"Path\": \"a\", \"Size\": 1, \"Last-Modified\": \"yesterday\"",
                "\"Path\": \"a\", \"Size\": 1, \"Last-Modified\": \"2026-11-20 12:30:52 GMT\", \"Checksum\": \"00\"",
                "\"Path\": \"a\", \"Size\": 1, \"Last-Modified\": \"2026-11-20 12:30:52 GMT\", \"Mode\": 1",
                "\"Encoded-Path\": \"zz\", \"Size\": 1, \"Last-Modified\": \"2026-11-20 12:30:52 GMT\"",
            })
    void refusesMalformedFiles(String file) {
        assertRefused(sealed(HEAD + "{ " + file + " }\n" + RANGES));
    }

    @Test
    void refusesAFormatThatItDoesNotKnow() {
        assertThatThrownBy(() -> BackupManifest.read(sealed(HEAD.replace("1,", "3,") + RANGES), file -> {}))
                .isInstanceOf(ServerFileException.class)
                .hasMessageContaining("its format has version 3");
    }

    @Test
    void refusesWhatFollowsItsEnd() {
        byte[] manifest = Golden.manifest(PostgresVersion.V18);
        assertRefused(new ByteArrayInputStream(
                (new String(manifest, StandardCharsets.UTF_8) + "{}").getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void refusesEveryTruncation() {
        byte[] manifest = small();
        for (int length = 0; length < manifest.length - 1; length++) {
            assertRefused(new ByteArrayInputStream(manifest, 0, length));
        }
    }

    @Test
    void refusesEveryFlippedBit() {
        byte[] manifest = small();
        // The last two bytes end the line that the checksum does not cover.
        for (int bit = 0; bit < (manifest.length - 2) * 8; bit++) {
            manifest[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused(new ByteArrayInputStream(manifest));
            manifest[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    @Test
    void hashesTheSameHoweverTheStreamIsCut() {
        byte[] manifest = Golden.manifest(PostgresVersion.V17);
        Random random = new Random(7);
        for (int round = 0; round < 20; round++) {
            int max = 1 + random.nextInt(round < 10 ? 8 : 20_000);
            InputStream cut = new ByteArrayInputStream(manifest) {
                @Override
                public synchronized int read(byte[] buffer, int offset, int length) {
                    return super.read(buffer, offset, Math.min(length, 1 + random.nextInt(max)));
                }
            };
            assertThat(BackupManifest.read(cut, file -> {}).version()).isEqualTo(2);
        }
    }

    @Test
    void readsHundredsOfThousandsOfFilesWithoutHoldingThem() {
        long files = 400_000;
        InputStream endless = new InputStream() {
            private final Iterator<byte[]> parts = LongStream.range(0, files)
                    .mapToObj(
                            i -> ((i == 0 ? "" : ",\n") + file("\"Path\": \"base/5/" + i + "\"", "CRC32C", "00000000"))
                                    .getBytes(StandardCharsets.UTF_8))
                    .iterator();
            private final MessageDigest digest = ManifestChecksum.newDigest("SHA-256");
            private byte[] current = part(HEAD);
            private int position;
            private int stage;

            private byte[] part(String text) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                digest.update(bytes);
                return bytes;
            }

            @Override
            public int read() {
                throw new AssertionError("read in blocks");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                if (position == current.length && !advance()) {
                    return -1;
                }
                int count = Math.min(length, current.length - position);
                System.arraycopy(current, position, buffer, offset, count);
                position += count;
                return count;
            }

            private boolean advance() {
                position = 0;
                if (parts.hasNext()) {
                    current = parts.next();
                    digest.update(current);
                } else if (stage == 0) {
                    current = part("\n" + RANGES);
                    stage = 1;
                } else if (stage == 1) {
                    current = seal(digest).getBytes(StandardCharsets.UTF_8);
                    stage = 2;
                } else {
                    return false;
                }
                return true;
            }
        };
        assertThat(BackupManifest.read(endless, file -> {}).fileCount()).isEqualTo(files);
    }

    private static byte[] small() {
        return sealedBytes(HEAD
                + lines(file("\"Path\": \"a\"", "CRC32C", "01020304"), file("\"Path\": \"b\"", "CRC32C", "01020304"))
                + RANGES);
    }

    private static String file(String path, String algorithm, String checksum) {
        String tail = "NONE".equals(algorithm)
                ? ""
                : ", \"Checksum-Algorithm\": \"" + algorithm + "\", \"Checksum\": \"" + checksum + "\"";
        return "{ " + path + ", \"Size\": 7, \"Last-Modified\": \"2026-11-20 12:30:52 GMT\"" + tail + " }";
    }

    private static void assertRefused(InputStream manifest) {
        assertThatThrownBy(() -> BackupManifest.read(manifest, file -> {}))
                .isInstanceOfSatisfying(
                        ServerFileException.class, e -> assertThat(e.code()).isEqualTo("postgres.bad-manifest"))
                .hasMessageStartingWith("Cannot use the backup manifest: ");
    }

    private static InputStream sealed(String text) {
        return new ByteArrayInputStream(sealedBytes(text));
    }

    private static byte[] sealedBytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        MessageDigest digest = ManifestChecksum.newDigest("SHA-256");
        digest.update(bytes);
        return (text + seal(digest)).getBytes(StandardCharsets.UTF_8);
    }

    private static String seal(MessageDigest digest) {
        return "\"Manifest-Checksum\": \"" + HexFormat.of().formatHex(digest.digest()) + "\"}\n";
    }

    private static String lines(String... files) {
        return String.join(",\n", files) + "\n";
    }
}
