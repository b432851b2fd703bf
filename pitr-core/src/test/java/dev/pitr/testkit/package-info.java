/**
 * What a store of your own is tested with: {@link dev.pitr.testkit.ObjectStorageContract}, the contract of
 * {@link dev.pitr.storage.ObjectStorage} as tests, and {@link dev.pitr.testkit.FaultInjectingStorage} with
 * {@link dev.pitr.testkit.FaultSweep}, which break a store at every call that a job makes. For stores
 * that are reached over HTTP, {@link dev.pitr.testkit.HttpFaultProxy} and {@link dev.pitr.testkit.HttpFaultSweep} break
 * their requests.
 *
 * <p>Published in the test-jar of pitr-core; needs JUnit and AssertJ.
 */
@NullMarked
package dev.pitr.testkit;

import org.jspecify.annotations.NullMarked;
