package dev.pitr.history;

import dev.pitr.catalog.Backup;
import dev.pitr.repository.BackupPart;
import dev.pitr.repository.BackupStore;
import dev.pitr.repository.Codec;
import dev.pitr.repository.PartFrame;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Single files of a backup, read by the frames that hold them. */
final class BackupMembers {
    private final BackupStore store;
    private final Backup backup;

    BackupMembers(BackupStore store, Backup backup) {
        this.store = store;
        this.backup = backup;
    }

    /** Takes a file's content. */
    interface Sink {
        void accept(String name, InputStream content) throws IOException;
    }

    /** A range of a part: a frame, and those after it that go on with its last member. */
    private record Range(String part, long offset, long length) {}

    /** Shows the files whose names are wanted. */
    void read(Predicate<String> wanted, Sink sink) throws IOException {
        List<Range> ranges = new ArrayList<>();
        store.readParts(backup, part -> ranges.addAll(ranges(part, wanted)));
        for (Range range : ranges) {
            read(range, wanted, sink);
        }
    }

    private static List<Range> ranges(BackupPart part, Predicate<String> wanted) {
        List<Range> result = new ArrayList<>();
        List<PartFrame> frames = part.frames();
        for (int i = 0; i < frames.size(); i++) {
            PartFrame frame = frames.get(i);
            if (frame.members().stream().anyMatch(wanted)) {
                long end = frame.offset() + frame.storedLength();
                for (int j = i + 1; j < frames.size() && frames.get(j).members().isEmpty(); j++) {
                    end += frames.get(j).storedLength();
                }
                result.add(new Range(part.name(), frame.offset(), end - frame.offset()));
            }
        }
        return result;
    }

    private void read(Range range, Predicate<String> wanted, Sink sink) throws IOException {
        try (InputStream stored =
                        new BufferedInputStream(store.open(backup, range.part(), range.offset(), range.length()));
                InputStream raw = Codec.ofPart(range.part()).decompress(stored);
                TarArchiveInputStream tar = new TarArchiveInputStream(raw)) {
            TarArchiveEntry entry;
            while ((entry = tar.getNextEntry()) != null) {
                if (entry.isFile() && wanted.test(entry.getName())) {
                    sink.accept(entry.getName(), tar);
                }
            }
        }
    }
}
