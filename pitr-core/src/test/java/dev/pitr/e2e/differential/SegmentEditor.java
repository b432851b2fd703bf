package dev.pitr.e2e.differential;

import dev.pitr.wal.WalSegment;
import java.io.IOException;
import java.nio.file.Path;

/** Changes finished segments before they are archived. */
interface SegmentEditor {
    /** Gets each once, in order. */
    void edit(Path file, WalSegment segment) throws IOException;
}
