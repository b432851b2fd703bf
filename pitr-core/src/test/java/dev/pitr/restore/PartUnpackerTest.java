package dev.pitr.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pitr.error.PitrException;
import dev.pitr.postgres.ManifestChecksum;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartUnpackerTest {
    @TempDir
    Path folder;

    private Path data;
    private Path tablespace;
    private Path outside;
    private Targets targets;
    private final ManifestIndex.Builder manifest = new ManifestIndex.Builder();

    @BeforeEach
    void makeTargets() throws IOException {
        data = folder.resolve("data");
        tablespace = folder.resolve("space");
        outside = Files.createDirectory(folder.resolve("outside"));
        targets = new Targets(
                data, new TreeMap<>(Map.of(16390L, tablespace)), folder.resolve("wal"), Ownership.UNCHANGED);
        targets.trees().forEach(tree -> tree.createRoot(TargetTree.Access.OWNER));
        targets.data().createFolder(MemberName.RESTORE_FOLDER, TargetTree.Access.OWNER);
    }

    private void expect(String path, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        manifest.add(path, bytes.length, sha256(bytes));
    }

    private static byte[] sha256(byte[] bytes) {
        ManifestChecksum.Computation checksum = ManifestChecksum.SHA256.start();
        checksum.update(bytes, 0, bytes.length);
        return checksum.finish();
    }

    private ManifestIndex unpack(HandMadePart part) {
        return unpack(part, part.open());
    }

    private ManifestIndex unpack(HandMadePart part, InputStream stored) {
        ManifestIndex index = manifest.build();
        new PartUnpacker(index, targets, in -> in).unpack(part.part(), stored);
        return index;
    }

    private void assertRefused(String code, String message, ThrowingCallable call) throws IOException {
        assertThatThrownBy(call)
                .isInstanceOf(RestoreException.class)
                .hasMessageContaining(message)
                .extracting(e -> ((PitrException) e).code())
                .isEqualTo(code);
        try (Stream<Path> strangers = Files.list(outside)) {
            assertThat(strangers).isEmpty();
        }
        assertThat(folder.resolve("evil")).doesNotExist();
        assertThat(data.resolve("global/pg_control")).doesNotExist();
    }

    @Test
    void writesFilesAndFoldersThatOnlyTheOwnerCanUse() throws IOException {
        expect("PG_VERSION", "18\n");
        expect("base/1/1259", "heap");
        ManifestIndex index = unpack(HandMadePart.base()
                .file("PG_VERSION", "18\n")
                .folder("./pg_wal/archive_status/", 0755)
                .file("base/1/1259", "heap".getBytes(StandardCharsets.UTF_8), 0777));
        assertThat(data.resolve("PG_VERSION")).hasContent("18\n");
        assertThat(data.resolve("pg_wal/archive_status")).isEmptyDirectory();
        assertThat(mode("base/1/1259")).isEqualTo("rw-r-----");
        assertThat(mode("PG_VERSION")).isEqualTo("rw-------");
        assertThat(mode("base/1")).isEqualTo("rwxr-x---");
        assertThat(mode("")).isEqualTo("rwx------");
        assertThat(index.unclaimedCount()).isZero();
    }

    private String mode(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(name)));
    }

    @Test
    void putsFilesOfATablespaceIntoItsFolder() {
        expect("pg_tblspc/16390/PG_18_202506291/5/16400", "rows");
        unpack(new HandMadePart("16390/00001.tar", 16390).file("PG_18_202506291/5/16400", "rows"));
        assertThat(tablespace.resolve("PG_18_202506291/5/16400")).hasContent("rows");
    }

    @Test
    void keepsTheControlFileAwayFromWhereAServerLooksForIt() {
        expect("global/pg_control", "control");
        unpack(HandMadePart.base().file("global/pg_control", "control"));
        assertThat(data.resolve("global/pg_control")).doesNotExist();
        assertThat(data.resolve(".pitr-restore/pg_control")).hasContent("control");
    }

    @Test
    void leavesOutTheSignalFileOfAStandby() {
        expect("standby.signal", "");
        expect("PG_VERSION", "18\n");
        ManifestIndex index =
                unpack(HandMadePart.base().file("standby.signal", "").file("PG_VERSION", "18\n"));
        assertThat(data.resolve("standby.signal")).doesNotExist();
        assertThat(index.unclaimedCount()).isZero();
    }

    @Test
    void writesAFileThatSpansFrames() {
        byte[] content = new byte[100_000];
        new Random(7).nextBytes(content);
        manifest.add("base/5/1", content.length, sha256(content));
        unpack(HandMadePart.base().file("base/5/1", content, 0600));
        assertThat(data.resolve("base/5/1")).hasBinaryContent(content);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil",
                "base/../../evil",
                "/tmp/pitr-evil",
                "base//evil",
                "base/./evil",
                "./",
                ".",
                "..",
                "base/ev\u0001il",
                "base/ev\nil",
                ".pitr-restore/restore"
            })
    void refusesNamesThatNoServerWrites(String name) throws IOException {
        expect(name, "x");
        HandMadePart part = HandMadePart.base().file(name.endsWith("/") ? name + "./x" : name, "x");
        assertRefused("restore.hostile-entry", "Cannot unpack \"", () -> unpack(part));
        assertThat(Path.of("/tmp/pitr-evil")).doesNotExist();
    }

    @Test
    void refusesAComponentThatIsTooLong() throws IOException {
        String name = "base/" + "x".repeat(256);
        expect(name, "x");
        assertRefused(
                "restore.hostile-entry",
                "longer than 255 bytes",
                () -> unpack(HandMadePart.base().file(name, "x")));
    }

    @Test
    void refusesAFolderOutside() throws IOException {
        assertRefused(
                "restore.hostile-entry",
                "climbs out",
                () -> unpack(HandMadePart.base().folder("../evil/", 0700)));
    }

    @Test
    void refusesSymbolicLinks() throws IOException {
        HandMadePart part = HandMadePart.base().special("base", TarConstants.LF_SYMLINK, outside.toString());
        assertRefused("restore.hostile-entry", "it is a link to " + outside, () -> unpack(part));
        assertThat(data.resolve("base")).doesNotExist();
    }

    @Test
    void refusesHardLinks() throws IOException {
        HandMadePart part = HandMadePart.base().special("base/1", TarConstants.LF_LINK, "/etc/passwd");
        assertRefused("restore.hostile-entry", "it is a link to /etc/passwd", () -> unpack(part));
    }

    @ParameterizedTest
    @ValueSource(bytes = {TarConstants.LF_CHR, TarConstants.LF_BLK, TarConstants.LF_FIFO, TarConstants.LF_CONTIG, 'Z'})
    void refusesEverythingThatIsNeitherFileNorFolder(byte type) throws IOException {
        HandMadePart part = HandMadePart.base().special("base/1", type, "");
        assertRefused("restore.hostile-entry", "neither a file nor a folder", () -> unpack(part));
        assertThat(data.resolve("base/1")).doesNotExist();
    }

    @Test
    void doesNotWriteThroughALinkThatStandsInTheTarget() throws IOException {
        Files.createSymbolicLink(data.resolve("base"), outside);
        expect("base/evil", "x");
        assertRefused(
                "restore.hostile-entry",
                "not a folder",
                () -> unpack(HandMadePart.base().file("base/evil", "x")));
    }

    @Test
    void replacesALinkThatStandsWhereAFileBelongsInsteadOfFollowingIt() throws IOException {
        Files.createSymbolicLink(data.resolve("PG_VERSION"), outside.resolve("evil"));
        expect("PG_VERSION", "18\n");
        unpack(HandMadePart.base().file("PG_VERSION", "18\n"));
        assertThat(data.resolve("PG_VERSION")).isRegularFile().isNotEqualTo(outside.resolve("evil"));
        assertThat(outside.resolve("evil")).doesNotExist();
    }

    @Test
    void refusesAFileThatComesTwice() throws IOException {
        expect("PG_VERSION", "18\n");
        assertRefused(
                "restore.hostile-entry",
                "holds it twice",
                () -> unpack(HandMadePart.base().file("PG_VERSION", "18\n").file("PG_VERSION", "18\n")));
    }

    @Test
    void refusesAFileThatTheManifestDoesNotList() throws IOException {
        assertRefused(
                "restore.manifest-mismatch",
                "the manifest doesn't list it",
                () -> unpack(HandMadePart.base().file("base/5/4711", "x")));
        assertThat(data.resolve("base/5/4711")).doesNotExist();
    }

    @Test
    void refusesAFileOfAnotherSize() throws IOException {
        expect("PG_VERSION", "18\n");
        assertRefused(
                "restore.manifest-mismatch",
                "it has 4 bytes, not 3",
                () -> unpack(HandMadePart.base().file("PG_VERSION", "180\n")));
    }

    @Test
    void refusesAFileWithAnotherChecksum() throws IOException {
        expect("PG_VERSION", "18\n");
        assertRefused(
                "restore.manifest-mismatch",
                "its SHA256 is ",
                () -> unpack(HandMadePart.base().file("PG_VERSION", "17\n")));
    }

    @Test
    void detectsABitFlipAnywhere() throws IOException {
        expect("PG_VERSION", "18\n");
        expect("base/1/1259", "heap");
        HandMadePart part = HandMadePart.base().file("PG_VERSION", "18\n").file("base/1/1259", "heap");
        for (int position = 0; position < part.bytes().length; position += 7) {
            InputStream flipped = part.openFlipped(position);
            assertThat(catchThrowable(() -> unpack(part, flipped)))
                    .as("flip at %d", position)
                    .isInstanceOf(RestoreException.class);
        }
    }

    @Test
    void namesTheFrameThatIsDamaged() throws IOException {
        expect("PG_VERSION", "18\n");
        HandMadePart part = HandMadePart.base().file("PG_VERSION", "18\n");
        int inTrailer = part.bytes().length - 1;
        assertRefused(
                "restore.damaged-part",
                "part base/00001.tar: the SHA-256 of frame 2",
                () -> unpack(part, part.openFlipped(inTrailer)));
    }

    @Test
    void detectsTruncationAnywhere() {
        expect("PG_VERSION", "18\n");
        HandMadePart part = HandMadePart.base().file("PG_VERSION", "18\n");
        for (int length = 0; length < part.bytes().length; length += 64) {
            InputStream truncated = part.openTruncated(length);
            assertThatThrownBy(() -> unpack(part, truncated))
                    .as("cut to %d bytes", length)
                    .isInstanceOf(RestoreException.class)
                    .hasMessageContaining("ends early");
        }
    }

    @Test
    void refusesPartsOfAnUnknownTablespace() throws IOException {
        assertRefused(
                "restore.bad-backup",
                "tablespace 4711",
                () -> unpack(new HandMadePart("4711/00001.tar", 4711).file("x", "x")));
    }
}
