/**
 * Keeps a repository in Amazon S3 and in stores that speak its protocol: start with {@link dev.pitr.s3.S3Storage}.
 */
@NullMarked
package dev.pitr.s3;

import org.jspecify.annotations.NullMarked;
