package dev.pitr.e2e;

import dev.pitr.storage.FileSystemStorage;
import dev.pitr.storage.ObjectStorage;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** A place for one test's repository: empty at first, reached by this JVM and by others. */
public interface Site {
    /**
     * Returns the storage at this place. Whoever made the site closes it.
     *
     * @return the same storage each time
     */
    ObjectStorage storage();

    /**
     * Opens the same place by way of a proxy in front of its server, by a client that doesn't try again.
     *
     * @param proxy where the proxy listens
     * @return a storage, to be closed by the caller
     * @throws UnsupportedOperationException if no server is asked
     */
    default ObjectStorage openThrough(URI proxy) {
        throw new UnsupportedOperationException(
                "No server has the repository " + storage().description());
    }

    /**
     * Returns the URL by which another JVM opens this place.
     *
     * @return what {@link dev.pitr.storage.StorageUrl} reads
     */
    String url();

    /**
     * Returns what another JVM needs besides, such as credentials that are known to everybody.
     *
     * @return options of {@code java}
     */
    default List<String> jvmOptions() {
        return List.of();
    }

    /**
     * Brings all objects into a folder, by other means than the code under test.
     *
     * @return the folder, with a file for each object under its key
     */
    Path files();

    /**
     * A folder, made if it is missing.
     *
     * @param folder where
     * @return a site whose files are the folder itself
     */
    static Site folder(Path folder) {
        ObjectStorage storage = FileSystemStorage.create(folder);
        return new Site() {
            @Override
            public ObjectStorage storage() {
                return storage;
            }

            @Override
            public String url() {
                return folder.toUri().toString();
            }

            @Override
            public Path files() {
                return folder;
            }
        };
    }
}
