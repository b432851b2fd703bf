/** Tests of base backups. */
@NullMarked
package dev.pitr.backup;

import org.jspecify.annotations.NullMarked;
