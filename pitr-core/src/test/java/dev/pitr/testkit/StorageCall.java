package dev.pitr.testkit;

import dev.pitr.storage.ObjectStorage;

/** The calls at which {@link FaultInjectingStorage} counts and breaks. */
public enum StorageCall {
    /** {@link ObjectStorage#createIfAbsent}. */
    CREATE,
    /** {@link ObjectStorage#put}. */
    PUT,
    /** {@link ObjectStorage#upload}. */
    UPLOAD,
    /** Each MiB written to an upload, and its first byte. */
    WRITE,
    /** {@link dev.pitr.storage.ObjectUpload#commit()}. */
    COMMIT,
    /** {@link ObjectStorage#open}, whole or a range. */
    OPEN,
    /** Each MiB read of an object, and its first byte. */
    READ,
    /** {@link ObjectStorage#stat}. */
    STAT,
    /** {@link ObjectStorage#list}, counted when its stream is first asked. */
    LIST,
    /** {@link ObjectStorage#delete}. */
    DELETE,
    /** {@link ObjectStorage#removeAbandonedUploads} and {@link ObjectStorage#enforcesCreateIfAbsent}. */
    MAINTAIN
}
