package dev.pitr.repository;

import dev.pitr.storage.ObjectExistsException;
import dev.pitr.storage.ObjectKey;
import dev.pitr.wal.ClusterIdentity;
import java.util.Optional;

/** {@code cluster.json}, which makes an incarnation usable and says whose it is. */
final class ClusterRecord {
    private ClusterRecord() {}

    /** Creates the record, or finds that it is there. The content depends on the identity alone. */
    static Incarnation create(RepositorySettings settings, ObjectKey root, ClusterIdentity identity) {
        ObjectKey folder = RepositoryLayout.incarnation(root, identity);
        byte[] json = SealedJson.write(out -> {
            FormatVersion.write(out);
            IdentityJson.write(out, identity);
        });
        try {
            StoredJson.create(settings.storage(), RepositoryLayout.clusterRecord(folder), json);
            return new Incarnation(settings, folder, identity);
        } catch (ObjectExistsException e) {
            return find(settings, root, identity).orElseThrow(() -> e);
        }
    }

    /** Empty if there is no record, or it is of a cluster with another segment size. */
    static Optional<Incarnation> find(RepositorySettings settings, ObjectKey root, ClusterIdentity identity) {
        ObjectKey folder = RepositoryLayout.incarnation(root, identity);
        return StoredJson.find(settings.storage(), RepositoryLayout.clusterRecord(folder))
                .map(IdentityJson::read)
                .filter(identity::equals)
                .map(found -> new Incarnation(settings, folder, found));
    }
}
