/** Examples of embedding pitr; start with {@link dev.pitr.examples.Quickstart}. */
@NullMarked
package dev.pitr.examples;

import org.jspecify.annotations.NullMarked;
