/**
 * The differential test: random workloads, random targets, and the prediction of each compared with what a real server
 * makes of it. {@code DifferentialIT} is where to start.
 *
 * <p>{@code RecordWalk} and {@code RecoveryModel} are a second, naive reading of WAL and of the server's rules, written
 * for this test and sharing nothing with the code under test but the small values of {@code dev.pitr.wal}. So a
 * disagreement tells which of the three is wrong.
 */
package dev.pitr.e2e.differential;
