package dev.pitr.e2e;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/** What can happen to a file that nobody watches. */
final class Damage {
    private Damage() {}

    static void flipBit(Path file, long offset) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(offset);
            int value = bytes.read();
            bytes.seek(offset);
            bytes.write(value ^ 1);
        }
    }

    static void cut(Path file, long lengthBytes) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.setLength(lengthBytes);
        }
    }
}
