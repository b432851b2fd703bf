package dev.pitr.e2e;

import java.nio.file.Path;

/** Restores from a repository in a folder. */
class RestoreMatrixIT extends RestoreMatrix {
    @Override
    protected Site site(Path folder) {
        return Site.folder(folder);
    }
}
