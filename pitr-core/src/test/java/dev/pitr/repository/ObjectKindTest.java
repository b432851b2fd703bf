package dev.pitr.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.storage.ObjectKey;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectKindTest {
    @ParameterizedTest
    @CsvSource({
        "incarnations/00000001.json,RECORD",
        "18-75/cluster.json,RECORD",
        "18-75/wal/00000001/000000010000002A/000000010000002A000000FF.zst,WAL",
        "18-75/wal/00000001/000000010000002A000000FF.partial.zst,WAL",
        "18-75/wal/00000001/000000010000002A000000FF.00000028.backup.zst,WAL",
        "18-75/wal/00000002.history.zst,RECORD",
        "18-75/index/00000001/000000010000002A.page.zst,INDEX",
        "18-75/backups/20250508T220000Z-0000/started.json,BACKUP_RECORD",
        "18-75/backups/20250508T220000Z-0000/backup.json,BACKUP_RECORD",
        "18-75/backups/20250508T220000Z-0000/parts.json.zst,BACKUP_RECORD",
        "18-75/backups/20250508T220000Z-0000/manifest.json.zst,BACKUP_RECORD",
        "18-75/backups/20250508T220000Z-0000/base/00001.tar.zst,BACKUP_DATA",
        "18-75/backups/20250508T220000Z-0000/16384/00001.tar.zst,BACKUP_DATA",
        "18-75/backups/20250508T220000Z-0000/wal/00001.tar.zst,BACKUP_DATA",
        "18-75/holds/x.json,RECORD",
        "18-75/some/thing/else,RECORD"
    })
    void tellsTheKindOfEveryObjectOfARepository(String key, ObjectKind kind) {
        assertThat(ObjectKind.of(new ObjectKey("main/" + key))).isEqualTo(kind);
    }

    @ParameterizedTest
    @CsvSource({"x", "wal/x", "a/b/wal", "a/backups/wal/x/y/z/q"})
    void takesWhatItDoesNotKnowForARecord(String key) {
        assertThat(ObjectKind.of(new ObjectKey(key))).isEqualTo(ObjectKind.RECORD);
    }
}
