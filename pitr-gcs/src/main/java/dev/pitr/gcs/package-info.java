/**
 * Keeps a repository in Google Cloud Storage: {@link dev.pitr.gcs.GcsStorage}, and the bucket's lifecycle rules to go with
 * it.
 */
@NullMarked
package dev.pitr.gcs;

import org.jspecify.annotations.NullMarked;
