/**
 * The one error root of pitr, {@link dev.pitr.error.PitrException}. Subclasses stand in the packages that raise them.
 */
@NullMarked
package dev.pitr.error;

import org.jspecify.annotations.NullMarked;
