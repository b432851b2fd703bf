package dev.pitr.postgres;

import dev.pitr.testing.Fuzz;
import dev.pitr.wal.PostgresVersion;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The files of a server, damaged at random: each parser accepts them or says what is wrong. */
class HostileFilesTest {
    @Test
    void refusesDamagedBackupLabels() {
        Fuzz.of("backup_label", ofEachVersion(version -> Golden.read(version, "backup_label")))
                .run(BackupLabel::parse);
    }

    @Test
    void refusesDamagedControlFiles() {
        Fuzz.of("pg_control", ofEachVersion(version -> Golden.read(version, "pg_control")))
                .run(ControlFile::parse);
    }

    @Test
    void refusesDamagedManifests() {
        Fuzz.of("backup_manifest", ofEachVersion(HostileFilesTest::shortManifest))
                .run(bytes -> BackupManifest.read(new ByteArrayInputStream(bytes), file -> {}));
    }

    @Test
    void refusesDamagedTablespaceMaps() {
        Fuzz.of("tablespace_map", Fuzz.texts("16384 /space/one\n16385 /sp\\\\ace\\\ntwo\n", "1 /a\n"))
                .run(bytes -> TablespaceMap.parse(bytes, PostgresVersion.V18));
    }

    @Test
    void refusesDamagedConfiguration() {
        Fuzz.of(
                        "postgresql.conf",
                        Fuzz.texts("port = 5432 # here\ninclude 'more.conf'\na.b = E'x\\'y'\nwork_mem '1MB'\n", "x=''"))
                .run(bytes -> PostgresConf.parse(new String(bytes, StandardCharsets.UTF_8)));
    }

    /** The first and the last files of a real one: short inputs are changed where it matters. */
    private static byte[] shortManifest(PostgresVersion version) {
        String text = new String(Golden.manifest(version), StandardCharsets.UTF_8);
        int cut = text.indexOf("\n", 1500);
        int ranges = text.indexOf("\n],\n\"WAL-Ranges\"");
        int last = text.lastIndexOf("\n", ranges - 1);
        return (text.substring(0, cut) + text.substring(last)).getBytes(StandardCharsets.UTF_8);
    }

    private static List<byte[]> ofEachVersion(Function<PostgresVersion, byte[]> file) {
        return Arrays.stream(PostgresVersion.values()).map(file).toList();
    }
}
