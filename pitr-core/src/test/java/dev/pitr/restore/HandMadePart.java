package dev.pitr.restore;

import dev.pitr.repository.BackupPart;
import dev.pitr.repository.PartFrame;
import dev.pitr.repository.Sha256;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** An uncompressed part made entry by entry, good or evil, with the index that goes with it. */
final class HandMadePart {
    private static final int FRAME_BYTES = 3 * 512;

    private final String name;
    private final int tablespaceOid;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, 512, "UTF-8");
    private final List<String> members = new ArrayList<>();
    private byte[] finished;

    HandMadePart(String name, int tablespaceOid) {
        this.name = name;
        this.tablespaceOid = tablespaceOid;
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    }

    static HandMadePart base() {
        return new HandMadePart("base/00001.tar", 0);
    }

    HandMadePart file(String member, String content) {
        return file(member, content.getBytes(StandardCharsets.UTF_8), 0600);
    }

    HandMadePart file(String member, byte[] content, int mode) {
        TarArchiveEntry entry = new TarArchiveEntry(member, TarConstants.LF_NORMAL, true);
        entry.setSize(content.length);
        entry.setMode(mode);
        return entry(entry, content);
    }

    HandMadePart folder(String member, int mode) {
        TarArchiveEntry entry = new TarArchiveEntry(member, TarConstants.LF_DIR, true);
        entry.setMode(mode);
        return entry(entry, new byte[0]);
    }

    HandMadePart special(String member, byte type, String linkName) {
        TarArchiveEntry entry = new TarArchiveEntry(member, type, true);
        entry.setLinkName(linkName);
        return entry(entry, new byte[0]);
    }

    private HandMadePart entry(TarArchiveEntry entry, byte[] content) {
        try {
            members.add(entry.getName());
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] bytes() {
        if (finished == null) {
            try {
                tar.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            finished = bytes.toByteArray();
        }
        return finished;
    }

    /** The index of these bytes, in frames of three tar blocks. */
    BackupPart part() {
        byte[] all = bytes();
        List<PartFrame> frames = new ArrayList<>();
        for (int at = 0; at < all.length; at += FRAME_BYTES) {
            int length = Math.min(FRAME_BYTES, all.length - at);
            frames.add(new PartFrame(at, length, length, Sha256.of(all, at, length), at == 0 ? members : List.of()));
        }
        return new BackupPart(name, tablespaceOid, all.length, Sha256.of(all, 0, all.length), frames);
    }

    InputStream open() {
        return new ByteArrayInputStream(bytes());
    }

    InputStream openFlipped(int position) {
        byte[] flipped = bytes().clone();
        flipped[position] ^= 0x10;
        return new ByteArrayInputStream(flipped);
    }

    InputStream openTruncated(int length) {
        return new ByteArrayInputStream(Arrays.copyOf(bytes(), length));
    }
}
