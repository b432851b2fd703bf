package dev.pitr.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipEncodingHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarCutterTest {
    private static final int FRAME = 4096;

    private CollectedParts output = new CollectedParts(FRAME);

    private TarCutter cutter(long partSize) {
        return new TarCutter(
                new PartCutter(output, new PartCutter.Limits(FRAME, partSize, 1000)),
                Set.of("backup_label", "global/pg_control"));
    }

    private static void send(TarCutter cutter, int oid, byte[] archive, int chunk) {
        cutter.beginArchive(oid);
        for (int at = 0; at < archive.length; at += chunk) {
            cutter.accept(archive, at, Math.min(chunk, archive.length - at));
        }
        cutter.endArchive();
    }

    private static TarStream someFiles() {
        return new TarStream()
                .file("backup_label", "START WAL LOCATION".getBytes(StandardCharsets.UTF_8))
                .directory("base")
                .file("base/1", 100)
                .file("base/2", 0)
                .file("base/3", 512)
                .file("base/4", 20_000)
                .file("base/5", 513)
                .file("global/pg_control", 8192);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 511, 512, 513, 1024, 3000, 32_768, 1 << 20})
    void givesBackTheSameFilesWhereverTheStreamIsCut(int chunk) {
        TarStream sent = someFiles();

        send(cutter(1 << 20), 0, sent.withTrailer(), chunk);

        assertThat(output.parts).containsOnlyKeys("base/00001.tar");
        assertThat(output.bytesOf("base/00001.tar")).isEqualTo(sent.withTrailer());
    }

    @Test
    void endsThePartsOfServersThatSendNoTrailer() {
        TarStream sent = someFiles();

        send(cutter(1 << 20), 0, sent.withoutTrailer(), 1000);

        assertThat(output.bytesOf("base/00001.tar")).isEqualTo(sent.withTrailer());
    }

    @Test
    void makesEveryPartAnArchiveOfItsOwn() {
        TarStream sent = someFiles();

        send(cutter(600), 16_390, sent.withTrailer(), 999);

        assertThat(output.parts.keySet())
                .startsWith("16390/00001.tar", "16390/00002.tar")
                .hasSize(6);
        assertThat(output.files()).containsExactlyEntriesOf(sent.files());
    }

    @Test
    void endsAPartAtTheMemberThatReachesItsSize() {
        TarStream sent = new TarStream().file("a", 512).file("b", 512).file("c", 512);

        send(cutter(2048), 0, sent.withTrailer(), 100);
        assertThat(TarStream.read(output.bytesOf("base/00001.tar"))).containsOnlyKeys("a", "b");
        assertThat(TarStream.read(output.bytesOf("base/00002.tar"))).containsOnlyKeys("c");

        output.parts.clear();
        send(cutter(2049), 0, sent.withTrailer(), 100);
        assertThat(TarStream.read(output.bytesOf("base/00001.tar"))).containsOnlyKeys("a", "b", "c");
    }

    @Test
    void boundsTheMembersOfAPart() {
        TarStream sent = new TarStream();
        for (int i = 0; i < 7; i++) {
            sent.file("f" + i, 0);
        }
        TarCutter cutter =
                new TarCutter(new PartCutter(output, new PartCutter.Limits(FRAME, Long.MAX_VALUE, 3)), Set.of());

        send(cutter, 0, sent.withTrailer(), 512);

        assertThat(output.parts).hasSize(3);
        assertThat(output.files()).containsExactlyEntriesOf(sent.files());
    }

    @Test
    void packsSmallMembersTogetherAndSlicesLargeOnesEvenly() {
        TarStream sent = new TarStream()
                .file("small", 512)
                .file("fits", FRAME - 512 - 1024)
                .file("large", 9000)
                .file("after", 10);

        send(cutter(1 << 20), 0, sent.withTrailer(), 777);

        List<CollectedParts.CollectedFrame> frames = output.parts.get("base/00001.tar");
        assertThat(frames)
                .extracting(CollectedParts.CollectedFrame::members)
                .containsExactly(List.of("small", "fits"), List.of("large"), List.of(), List.of(), List.of("after"));
        assertThat(frames).extracting(frame -> frame.raw().length).containsExactly(4096, 3584, 3584, 2560, 2048);
    }

    @Test
    void keepsAMemberThatJustFitsAFrameWhole() {
        TarStream sent = new TarStream().file("fits", FRAME - 512).file("over", FRAME - 511);

        send(cutter(1 << 20), 0, sent.withTrailer(), 5000);

        assertThat(output.parts.get("base/00001.tar"))
                .extracting(CollectedParts.CollectedFrame::members)
                .containsExactly(List.of("fits"), List.of("over"), List.of());
    }

    @Test
    void givesAnEmptyArchiveOnePart() {
        send(cutter(1 << 20), 16_390, new byte[0], 1);
        send(cutter(1 << 20), 16_391, new byte[1024], 100);

        assertThat(output.bytesOf("16390/00001.tar")).isEqualTo(new byte[1024]);
        assertThat(output.bytesOf("16391/00001.tar")).isEqualTo(new byte[1024]);
    }

    @Test
    void putsWalBehindTheDataDirectoryIntoPartsOfItsOwn() {
        TarStream sent = new TarStream()
                .directory("pg_wal")
                .directory("pg_wal/archive_status")
                .file("global/pg_control", 8192)
                .file("pg_wal/000000010000000000000002", 16_384)
                .file("pg_wal/archive_status/000000010000000000000002.done", 0);

        send(cutter(1 << 20), 0, sent.withTrailer(), 900);

        assertThat(TarStream.read(output.bytesOf("base/00001.tar")))
                .containsOnlyKeys("pg_wal/", "pg_wal/archive_status/", "global/pg_control");
        assertThat(TarStream.read(output.bytesOf("wal/00001.tar")))
                .containsOnlyKeys(
                        "pg_wal/000000010000000000000002", "pg_wal/archive_status/000000010000000000000002.done");
        assertThat(output.files()).containsExactlyEntriesOf(sent.files());
    }

    @Test
    void keepsTheContentOfTheMembersThatTheRecordNeeds() {
        TarCutter cutter = cutter(1 << 20);
        TarStream sent = someFiles();

        send(cutter, 0, sent.withTrailer(), 13);

        Map<String, byte[]> kept = cutter.capturedContents();
        assertThat(kept).containsOnlyKeys("backup_label", "global/pg_control");
        assertThat(kept.get("global/pg_control")).isEqualTo(sent.files().get("global/pg_control"));
        assertThat(kept.get("backup_label")).isEqualTo(sent.files().get("backup_label"));
    }

    @Test
    void readsSizesAboveEightGibibytes() throws Exception {
        TarArchiveEntry entry = new TarArchiveEntry("huge");
        entry.setSize(3L << 40);
        byte[] header = new byte[512];
        entry.writeEntryHeader(header, ZipEncodingHelper.getZipEncoding("UTF-8"), true);

        assertThat(header[124] & 0x80).as("base-256 marker").isEqualTo(0x80);
        assertThat(TarMember.parse(header, "base").sizeBytes()).isEqualTo(3L << 40);
    }

    @Test
    void readsNamesThatAreNotUtf8() {
        byte[] header = TarStream.headerOf(new TarArchiveEntry("caf?"));
        header[3] = (byte) 0xE9;
        sealHeader(header);

        assertThat(TarMember.parse(header, "base").name()).startsWith("caf").hasSize(4);
    }

    @Test
    void refusesAGarbledHeader() {
        byte[] archive = someFiles().withTrailer();
        archive[10] ^= 1;

        assertThatThrownBy(() -> send(cutter(1 << 20), 0, archive, 512))
                .isInstanceOf(BackupException.class)
                .hasMessageStartingWith(
                        "Cannot read the server's archive \"base\": the checksum of a member's header is wrong");
    }

    @Test
    void refusesAHeaderWhoseSizeIsNoNumber() {
        byte[] header = TarStream.headerOf(new TarArchiveEntry("a"));
        Arrays.fill(header, 124, 135, (byte) 'z');
        sealHeader(header);

        assertThatThrownBy(() -> send(cutter(1 << 20), 0, header, 512))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("a member's header can't be read");
    }

    @Test
    void refusesANegativeSize() {
        byte[] header = TarStream.headerOf(new TarArchiveEntry("a"));
        Arrays.fill(header, 124, 136, (byte) 0xFF);
        sealHeader(header);

        assertThatThrownBy(() -> send(cutter(1 << 20), 0, header, 512)).isInstanceOf(BackupException.class);
    }

    @Test
    void refusesMembersThatNoServerSends() {
        for (byte type :
                new byte[] {TarConstants.LF_CHR, TarConstants.LF_LINK, TarConstants.LF_PAX_EXTENDED_HEADER_LC}) {
            byte[] archive = TarStream.headerOf(new TarArchiveEntry("odd", type));
            assertThatThrownBy(() -> send(cutter(1 << 20), 0, archive, 512))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("has type");
        }
    }

    @Test
    void refusesAnArchiveThatEndsInsideAMember() {
        byte[] archive = new TarStream().file("a", 2000).withoutTrailer();

        for (int length : new int[] {100, 512, 600, archive.length - 1}) {
            output = new CollectedParts(FRAME);
            assertThatThrownBy(() -> send(cutter(1 << 20), 0, Arrays.copyOf(archive, length), 512))
                    .isInstanceOf(BackupException.class)
                    .hasMessageContaining("it ends in the middle of a member");
        }
    }

    @Test
    void refusesAMemberBehindTheEndOfTheArchive() {
        byte[] first = new TarStream().file("a", 10).withTrailer();
        byte[] second = new TarStream().file("b", 10).withTrailer();
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);

        assertThatThrownBy(() -> send(cutter(1 << 20), 0, both, 512))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("something follows its end");
    }

    @Test
    void refusesAHugeMemberWhereASmallOneMustBe() {
        TarArchiveEntry entry = new TarArchiveEntry("backup_label");
        entry.setSize((1 << 20) + 1);

        assertThatThrownBy(() -> send(cutter(1 << 20), 0, TarStream.headerOf(entry), 512))
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("\"backup_label\" has 1048577 bytes");
    }

    @Test
    void isReadByTheTarProgram(@TempDir Path folder) throws Exception {
        TarStream sent = someFiles();
        send(cutter(600), 0, sent.withoutTrailer(), 999);

        for (String part : output.parts.keySet()) {
            Path file = Files.write(folder.resolve("part.tar"), output.bytesOf(part));
            Process tar = new ProcessBuilder("tar", "-x", "-f", file.toString(), "-C", folder.toString())
                    .redirectErrorStream(true)
                    .start();
            assertThat(new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEmpty();
            assertThat(tar.waitFor()).isZero();
        }
        assertThat(folder.resolve("base/4")).hasBinaryContent(sent.files().get("base/4"));
        assertThat(folder.resolve("global/pg_control"))
                .hasBinaryContent(sent.files().get("global/pg_control"));
    }

    private static void sealHeader(byte[] header) {
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xFF;
        }
        byte[] digits = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, header, 148, 8);
    }
}
