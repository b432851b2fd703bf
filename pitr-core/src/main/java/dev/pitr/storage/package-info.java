/**
 * Where the bytes lie: {@link dev.pitr.storage.ObjectStorage}, the interface that every backend implements,
 * {@link dev.pitr.storage.FileSystemStorage}, and {@link dev.pitr.storage.InMemoryStorage} for tests.
 * {@link dev.pitr.storage.StorageUrl} opens any of them from a setting.
 *
 * <p>An implementation of your own is right when it passes {@code dev.pitr.testkit.ObjectStorageContract}, which is
 * published in the test-jar of pitr-core.
 */
@NullMarked
package dev.pitr.storage;

import org.jspecify.annotations.NullMarked;
