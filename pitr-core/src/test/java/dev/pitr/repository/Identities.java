package dev.pitr.repository;

import dev.pitr.wal.ClusterIdentity;
import dev.pitr.wal.PostgresVersion;
import dev.pitr.wal.WalSegmentSize;

/** Clusters that the tests of this package share. */
final class Identities {
    static final ClusterIdentity CLUSTER =
            new ClusterIdentity(7512345678901234567L, PostgresVersion.V18, WalSegmentSize.DEFAULT);
    static final ClusterIdentity OTHER = new ClusterIdentity(-5L, PostgresVersion.V17, WalSegmentSize.DEFAULT);
    static final ClusterIdentity SMALL_SEGMENTS =
            new ClusterIdentity(7512345678901234567L, PostgresVersion.V18, new WalSegmentSize(1 << 20));

    private Identities() {}
}
