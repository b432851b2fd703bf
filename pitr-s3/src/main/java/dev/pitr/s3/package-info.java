/**
 * Keeps a repository in Amazon S3 and in stores that speak its protocol.
 *
 * <p>The package will hold one {@code ObjectStorage}, {@code S3Storage}, and its builder.
 */
@NullMarked
package dev.pitr.s3;

import org.jspecify.annotations.NullMarked;
