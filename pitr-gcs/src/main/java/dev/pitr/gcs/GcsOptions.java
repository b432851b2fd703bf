package dev.pitr.gcs;

import com.google.cloud.storage.StorageOptions;
import dev.pitr.repository.ObjectKind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a builder was told, checked. */
record GcsOptions(
        String bucket,
        String prefix,
        StorageOptions client,
        Map<ObjectKind, GcsStorageClass> storageClasses,
        @Nullable String kmsKey,
        Map<String, String> metadata,
        @Nullable String userProject,
        int bufferBytes) {}
