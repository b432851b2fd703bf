/**
 * The whole way, on real servers: workload, archive, backup, restore, and what was lost or left when something fails on
 * the way. What a restored server must hold is known from the writers and the original server, never from the code under
 * test: see {@link dev.pitr.e2e.History}.
 */
@NullMarked
package dev.pitr.e2e;

import org.jspecify.annotations.NullMarked;
