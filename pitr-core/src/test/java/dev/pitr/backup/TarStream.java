package dev.pitr.backup;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Tar archives as servers send them, and back. */
final class TarStream {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Map<String, byte[]> files = new LinkedHashMap<>();

    TarStream directory(String name) {
        header(new TarArchiveEntry(name + "/"));
        files.put(name + "/", new byte[0]);
        return this;
    }

    TarStream file(String name, byte[] content) {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        header(entry);
        bytes.writeBytes(content);
        bytes.writeBytes(new byte[(512 - content.length % 512) % 512]);
        files.put(name, content);
        return this;
    }

    TarStream file(String name, int size) {
        byte[] content = new byte[size];
        new Random(name.hashCode() * 31L + size).nextBytes(content);
        return file(name, content);
    }

    /** Adds a bare header, its checksum right, of any type. */
    TarStream header(TarArchiveEntry entry) {
        bytes.writeBytes(headerOf(entry));
        return this;
    }

    static byte[] headerOf(TarArchiveEntry entry) {
        byte[] block = new byte[512];
        entry.setIds(0, 0);
        entry.writeEntryHeader(block);
        return block;
    }

    static TarArchiveEntry special(String name) {
        return new TarArchiveEntry(name, TarConstants.LF_CHR);
    }

    /** As servers up to 14 send it. */
    byte[] withoutTrailer() {
        return bytes.toByteArray();
    }

    /** As servers from 15 on send it. */
    byte[] withTrailer() {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(bytes.toByteArray());
        whole.writeBytes(new byte[1024]);
        return whole.toByteArray();
    }

    /** What was added, in order. */
    Map<String, byte[]> files() {
        return files;
    }

    /** Reads a tar archive to its end and fails where a strict reader would. */
    static Map<String, byte[]> read(byte[] archive) {
        Map<String, byte[]> result = new LinkedHashMap<>();
        try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(archive), "UTF-8")) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                result.put(entry.getName(), in.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return result;
    }
}
