/**
 * What exists, as immutable values read at one moment: {@link dev.pitr.catalog.Catalogue}, with its base backups, its
 * archived WAL and its timelines. No input or output: a tool that keeps its WAL elsewhere fills these values itself.
 */
@NullMarked
package dev.pitr.catalog;

import org.jspecify.annotations.NullMarked;
