/** How long jobs tell what they are doing: {@link dev.pitr.progress.ProgressListener}. */
@NullMarked
package dev.pitr.progress;

import org.jspecify.annotations.NullMarked;
