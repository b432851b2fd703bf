/**
 * Keeps a repository in Google Cloud Storage.
 *
 * <p>The package will hold one {@code ObjectStorage}, {@code GcsStorage}, and its builder.
 */
@NullMarked
package dev.pitr.gcs;

import org.jspecify.annotations.NullMarked;
