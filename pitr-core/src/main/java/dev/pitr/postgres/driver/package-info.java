/**
 * Classes that pgjdbc instantiates by name, so that pitr can take over the socket on which the driver has authenticated.
 * Not for callers: exported to the driver's module only.
 */
@NullMarked
package dev.pitr.postgres.driver;

import org.jspecify.annotations.NullMarked;
