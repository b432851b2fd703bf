package dev.pitr.repository;

import dev.pitr.storage.ObjectExistsException;
import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Removes an unfinished backup. First takes the key of {@code backup.json}, so that nobody can complete it any more;
 * removes that mark last, so that an interrupted removal is found and can be repeated.
 */
final class BackupRemoval {
    private static final int BATCH = 1000;

    private final RepositorySettings settings;
    private final ObjectKey folder;
    private final ObjectKey record;
    private final ObjectKey startedRecord;

    BackupRemoval(RepositorySettings settings, ObjectKey folder) {
        this.settings = settings;
        this.folder = folder;
        this.record = folder.resolve(RepositoryLayout.BACKUP_RECORD);
        this.startedRecord = folder.resolve(RepositoryLayout.STARTED_RECORD);
    }

    void removeExpired(String id, Instant now) {
        Optional<BackupStore.Started> started =
                StoredJson.find(settings.storage(), startedRecord).map(StartedRecord::fromJson);
        if (started.isPresent() && now.isBefore(started.get().leaseUntil())) {
            requireIncomplete(id);
            throw new RepositoryException(
                    "repository.lease-held",
                    "Cannot remove backup " + id + ": " + started.get().owner() + " is at work on it and holds a lease"
                            + " until " + started.get().leaseUntil() + ". Wait until then.",
                    null);
        }
        if (started.isPresent() || hasObjects()) {
            remove(started.orElseGet(() -> new BackupStore.Started(id, "unknown", now, now, Optional.empty())));
        }
    }

    void remove(BackupStore.Started started) {
        giveUp(started);
        removeObjects();
        settings.storage().delete(List.of(startedRecord));
        settings.storage().delete(List.of(record));
    }

    private boolean hasObjects() {
        try (Stream<ObjectInfo> objects = settings.storage().list(folder + "/", "")) {
            return objects.findFirst().isPresent();
        }
    }

    private void giveUp(BackupStore.Started started) {
        try {
            StoredJson.create(settings.storage(), record, StartedRecord.givenUp(started));
        } catch (ObjectExistsException e) {
            requireIncomplete(started.id());
        }
    }

    private void requireIncomplete(String id) {
        Optional<JsonObject> present = StoredJson.find(settings.storage(), record);
        if (present.isPresent() && !StartedRecord.isGivenUp(present.get())) {
            throw new RepositoryException(
                    "repository.backup-exists",
                    "Cannot remove backup " + id + " as unfinished: it is complete. Leave its removal to retention.",
                    null);
        }
    }

    private void removeObjects() {
        List<ObjectKey> batch = new ArrayList<>();
        try (Stream<ObjectInfo> objects = settings.storage().list(folder + "/", "")) {
            objects.map(ObjectInfo::key)
                    .filter(key -> !key.equals(record) && !key.equals(startedRecord))
                    .forEach(key -> {
                        batch.add(key);
                        if (batch.size() == BATCH) {
                            settings.storage().delete(batch);
                            batch.clear();
                        }
                    });
        }
        settings.storage().delete(batch);
    }
}
