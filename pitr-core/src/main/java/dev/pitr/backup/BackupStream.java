package dev.pitr.backup;

import dev.pitr.catalog.Backup.StoredObject;
import dev.pitr.catalog.Tablespace;
import dev.pitr.postgres.BaseBackupArchive;
import dev.pitr.postgres.BaseBackupSink;
import dev.pitr.postgres.BaseBackupStart;
import dev.pitr.repository.BackupPart;
import dev.pitr.repository.BackupStore;
import dev.pitr.repository.ManifestWriter;
import dev.pitr.repository.PartIndexWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way of one backup from the server's stream into the repository, and what is learnt on the way.
 *
 * <p>The stream's methods and {@link #finish} are called by one thread; after {@code finish} any thread may ask.
 */
final class BackupStream implements BaseBackupSink, AutoCloseable {
    static final String BACKUP_LABEL = "backup_label";
    static final String CONTROL_FILE = "global/pg_control";

    /** Small enough for several in a small heap, large enough that independent compression costs nothing. */
    private static final int FRAME_SIZE = 4 << 20;

    private static final int PART_MEMBERS = 50_000;
    private static final String WAL_PART_PREFIX = PartName.WAL_FOLDER + "/";

    private final Lease lease;
    private final BackupProgress progress;
    private final PartIndexWriter index;
    private final ManifestWriter manifest;
    private final FramePipeline pipeline;
    private final PartCutter parts;
    private final TarCutter cutter;

    private final List<StoredObject> objects = new ArrayList<>();
    private final List<String> walMembers = new ArrayList<>();
    private final Map<Integer, Tablespace> tablespaces = new TreeMap<>();
    private @Nullable BaseBackupStart start;
    private @Nullable BaseBackupArchive archive;
    private long baseBytes;

    BackupStream(
            BackupOptions options,
            BackupStore store,
            Lease lease,
            ThreadFactory threads,
            BackupProgress progress,
            Consumer<Throwable> onFailure) {
        String id = lease.started().id();
        this.lease = lease;
        this.progress = progress;
        this.index = store.openPartIndex(id);
        this.manifest = store.openManifestWriter(id);
        this.pipeline = new FramePipeline(
                options.codec(),
                options.jobs(),
                FRAME_SIZE,
                threads,
                name -> store.upload(id, name),
                this::index,
                onFailure);
        this.parts = new PartCutter(pipeline, new PartCutter.Limits(FRAME_SIZE, options.partSizeBytes(), PART_MEMBERS));
        this.cutter = new TarCutter(parts, Set.of(BACKUP_LABEL, CONTROL_FILE));
    }

    /** Called by the pipeline, for one part at a time. */
    private void index(BackupPart part) {
        index.add(part);
        objects.add(new StoredObject(part.name(), part.storedSizeBytes(), part.sha256()));
        if (part.name().startsWith(WAL_PART_PREFIX)) {
            part.frames().forEach(frame -> walMembers.addAll(frame.members()));
        }
    }

    @Override
    public void start(BaseBackupStart announced) {
        start = announced;
        lease.recordStart(announced.startLsn());
        OptionalLong total = announced.archives().stream()
                .map(BaseBackupArchive::estimatedBytes)
                .flatMapToLong(OptionalLong::stream)
                .reduce(Long::sum);
        progress.begin("copying files", total);
    }

    @Override
    public void archiveStart(BaseBackupArchive next) {
        archive = next;
        cutter.beginArchive(next.tablespaceOid().orElse(0));
    }

    @Override
    public void data(byte[] buffer, int offset, int length) {
        cutter.accept(buffer, offset, length);
        progress.add(length);
    }

    @Override
    public void archiveEnd() {
        cutter.endArchive();
        BaseBackupArchive ended = required(archive);
        if (ended.isDataDirectory()) {
            baseBytes = parts.archiveBytes();
        } else {
            int oid = ended.tablespaceOid().orElseThrow();
            String location = ended.location().orElse("");
            tablespaces.put(oid, new Tablespace(oid, location, parts.archiveBytes()));
        }
    }

    @Override
    public void manifest(byte[] buffer, int offset, int length) {
        manifest.write(buffer, offset, length);
    }

    /** Waits until everything that the server sent is durable. */
    void finish() {
        pipeline.finish();
        objects.add(index.finish());
        objects.add(manifest.finish());
    }

    /** Ends all threads and abandons what isn't durable. */
    @Override
    public void close() {
        try (manifest;
                index) {
            pipeline.close();
        }
    }

    /** Returns what the server said before the data. */
    BaseBackupStart start() {
        return required(start);
    }

    /** Returns every object that was written. */
    List<StoredObject> objects() {
        return objects;
    }

    /** Returns the names of the members of the WAL that the backup carries. */
    List<String> walMembers() {
        return walMembers;
    }

    List<Tablespace> tablespaces() {
        return List.copyOf(tablespaces.values());
    }

    /** Returns the bytes of the files, without tablespaces and carried WAL. */
    long baseBytes() {
        return baseBytes;
    }

    /** Returns how many files there are, tablespaces included and carried WAL not. */
    long fileCount() {
        return parts.fileCount();
    }

    /** Returns the content of a small file that every backup has. */
    byte[] content(String name) {
        byte[] content = cutter.capturedContents().get(name);
        if (content == null) {
            throw TarMember.malformed(PartName.BASE_FOLDER, "it has no " + name);
        }
        return content;
    }

    private static <T> T required(@Nullable T value) {
        if (value == null) {
            throw BackupException.malformed("Cannot read the server's stream: it is out of order");
        }
        return value;
    }
}
