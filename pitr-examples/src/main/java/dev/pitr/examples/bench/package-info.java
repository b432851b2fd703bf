/** Whole-process measurements of backup and restore beside {@code tar} and {@code zstd}: see docs/benchmarks.md. */
@NullMarked
package dev.pitr.examples.bench;

import org.jspecify.annotations.NullMarked;
