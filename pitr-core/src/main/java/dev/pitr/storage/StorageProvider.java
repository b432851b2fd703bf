package dev.pitr.storage;

/**
 * Opens the stores of one URL scheme. Found by {@link java.util.ServiceLoader}, so that a store of your own is one more
 * scheme for {@link StorageUrl#open()}, and so for all programs that take a URL.
 *
 * <p>Implementations have a public constructor without arguments and do nothing until they are asked.
 */
public interface StorageProvider {
    /**
     * Returns the scheme that this opens.
     *
     * @return in lower case, such as {@code s3}
     */
    String scheme();

    /**
     * Opens a store. Credentials come from wherever the backend's own tools look for them, never from the URL.
     *
     * @param url of this scheme
     * @return a store, to be closed by the caller
     * @throws IllegalArgumentException if the URL isn't right for this store, with what was expected
     * @throws StorageException if the store can't be opened
     */
    ObjectStorage open(StorageUrl url);
}
