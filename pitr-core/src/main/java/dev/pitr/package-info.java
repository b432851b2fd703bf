/**
 * PostgreSQL point-in-time recovery as a library. Start with {@link dev.pitr.Pitr}: one handle for one repository, a
 * builder for each job.
 */
@NullMarked
package dev.pitr;

import org.jspecify.annotations.NullMarked;
