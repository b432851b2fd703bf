package dev.pitr.storage;

import java.time.Instant;

/**
 * What a listing tells of an object.
 *
 * @param key its key
 * @param sizeBytes its stored size
 * @param modifiedAt when it appeared, by the store's clock; never used to decide order
 */
public record ObjectInfo(ObjectKey key, long sizeBytes, Instant modifiedAt) {}
