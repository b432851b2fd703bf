/**
 * The {@code pitr} program: a command line over the public API, to be copied from as much as to be used. Start with
 * {@link dev.pitr.examples.cli.PitrCommand}; each command is a class of its own.
 */
@NullMarked
package dev.pitr.examples.cli;

import org.jspecify.annotations.NullMarked;
