/**
 * The repository: everything that pitr stores for one service, under one prefix of an
 * {@link dev.pitr.storage.ObjectStorage}. Knows names, formats, containers and codecs; the format is documented in
 * {@code docs/repository-format.md}.
 *
 * <p>A <em>repository</em> holds one <em>incarnation</em> for each system identifier and major version that the service
 * has had ({@code initdb}, {@code pg_upgrade}). Start with {@link dev.pitr.repository.Repository}.
 */
@NullMarked
package dev.pitr.repository;

import org.jspecify.annotations.NullMarked;
