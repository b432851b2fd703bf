package dev.pitr.repository;

import dev.pitr.catalog.Backup;
import dev.pitr.catalog.Unreadable;
import dev.pitr.error.PitrException;
import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.ObjectNotFoundException;
import dev.pitr.storage.ObjectStorage;
import dev.pitr.wal.ClusterIdentity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads the folders of backups. */
final class BackupFolder {
    private BackupFolder() {}

    static Backup read(ObjectStorage storage, ObjectKey folder, ClusterIdentity identity) {
        JsonObject json = StoredJson.read(storage, folder.resolve(RepositoryLayout.BACKUP_RECORD));
        if (StartedRecord.isGivenUp(json)) {
            throw new ObjectNotFoundException(
                    "Cannot read backup " + json.text("id") + ": it was given up before it was complete.", null);
        }
        return backup(json, identity);
    }

    private static Backup backup(JsonObject json, ClusterIdentity identity) {
        Backup backup = BackupRecord.fromJson(json);
        if (!backup.identity().equals(identity)) {
            throw RepositoryException.corrupt(
                    json.where(), "it is of " + backup.identity() + ", in the folder of " + identity);
        }
        return backup;
    }

    static BackupStore.Listing list(ObjectStorage storage, ObjectKey incarnation, ClusterIdentity identity) {
        List<Backup> backups = new ArrayList<>();
        List<BackupStore.Started> unfinished = new ArrayList<>();
        List<Unreadable> unreadable = new ArrayList<>();
        for (String id : ids(storage, RepositoryLayout.backups(incarnation))) {
            ObjectKey folder = RepositoryLayout.backup(incarnation, id);
            try {
                JsonObject json = anyRecord(storage, folder);
                if (StartedRecord.isStarted(json)) {
                    unfinished.add(StartedRecord.fromJson(json));
                } else {
                    backups.add(backup(json, identity));
                }
            } catch (ObjectNotFoundException e) {
                unreadable.add(new Unreadable(
                        Unreadable.Kind.BACKUP_REMAINS, folder.value(), "repository.corrupt", withoutRecord(id)));
            } catch (PitrException e) {
                Damage.requireDamage(e);
                unreadable.add(Damage.of(Unreadable.Kind.BACKUP, folder, e));
            }
        }
        backups.sort(Comparator.comparing(Backup::startLsn).thenComparing(Backup::id));
        return new BackupStore.Listing(backups, unfinished, unreadable);
    }

    private static String withoutRecord(String id) {
        return "Backup " + id + " has objects but no record of what they are. Remove it as unfinished.";
    }

    /** The backup's record, else what was written at its start. */
    private static JsonObject anyRecord(ObjectStorage storage, ObjectKey folder) {
        return StoredJson.find(storage, folder.resolve(RepositoryLayout.BACKUP_RECORD))
                .orElseGet(() -> StoredJson.read(storage, folder.resolve(RepositoryLayout.STARTED_RECORD)));
    }

    /** The identifiers in use, by one short listing each: the objects of a backup are skipped. */
    private static List<String> ids(ObjectStorage storage, String folder) {
        List<String> ids = new ArrayList<>();
        String from = "";
        for (Optional<String> next = next(storage, folder, from);
                next.isPresent();
                next = next(storage, folder, from)) {
            String name = next.get();
            int slash = name.indexOf('/');
            if (slash < 0) {
                // A stray file: go on behind it. '-' is the least character that a longer key could have there.
                from = folder + name + '-';
            } else {
                ids.add(name.substring(0, slash));
                // '0' is what follows '/' in byte order: behind all objects of this backup.
                from = folder + name.substring(0, slash) + '0';
            }
        }
        return ids;
    }

    private static Optional<String> next(ObjectStorage storage, String folder, String from) {
        try (Stream<ObjectInfo> objects = storage.list(folder, from)) {
            return objects.findFirst().map(object -> object.key().value().substring(folder.length()));
        }
    }

    /** Refuses a backup of which an object is absent or has another size than its record says. */
    static void requireObjects(ObjectStorage storage, ObjectKey folder, Backup backup) {
        List<String> missing = missingObjects(storage, folder, backup);
        if (!missing.isEmpty()) {
            throw new RepositoryException(
                    "repository.backup-incomplete",
                    "Cannot complete backup " + backup.id() + ": " + missing.get(0)
                            + ". Nothing was recorded; take the backup again.",
                    null);
        }
    }

    /** Tells, by listing, which objects are absent or have another size than the backup's record says. */
    static List<String> missingObjects(ObjectStorage storage, ObjectKey folder, Backup backup) {
        Map<String, Long> present = new HashMap<>();
        String prefix = folder.value() + "/";
        try (Stream<ObjectInfo> objects = storage.list(prefix, "")) {
            objects.forEach(object -> present.put(object.key().value().substring(prefix.length()), object.sizeBytes()));
        }
        List<String> missing = new ArrayList<>();
        for (Backup.StoredObject object : backup.objects()) {
            Long size = present.get(object.name());
            if (size == null || size != object.sizeBytes()) {
                missing.add(prefix + object.name() + " should have " + object.sizeBytes() + " bytes, but "
                        + (size == null ? "is absent" : "has " + size));
            }
        }
        return missing;
    }
}
