package dev.pitr.restore;

import dev.pitr.restore.TargetTree.Access;
import java.io.IOException;
import java.io.InputStream;

/** Where the members of a part go: takes them one by one, checks what it can, and writes. */
interface MemberFiles {
    /** Takes a folder. The name is as in the tar header, unchecked. */
    void folder(String name, Access access);

    /**
     * Takes a file.
     *
     * @param name as in the tar header, unchecked
     * @param sizeBytes as in the tar header
     * @param access as in the tar header
     * @param content its bytes
     * @param buffer free to use
     * @throws IOException if the content can't be read; what can't be written is a {@link RestoreException}
     */
    void file(String name, long sizeBytes, Access access, InputStream content, byte[] buffer) throws IOException;
}
