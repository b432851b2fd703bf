package dev.pitr.examples.bench;

import dev.pitr.storage.ObjectStorage;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts the bytes read from a storage, and the objects opened, by the folder below the cluster's. Not thread-safe. */
final class MeteredReads {
    private final SortedMap<String, Long> bytes = new TreeMap<>();
    private final SortedMap<String, Integer> opened = new TreeMap<>();

    ObjectStorage around(ObjectStorage storage) {
        return (ObjectStorage) Proxy.newProxyInstance(
                ObjectStorage.class.getClassLoader(),
                new Class<?>[] {ObjectStorage.class},
                (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(storage, arguments);
                        return result instanceof InputStream in ? metered(in, folder(arguments[0])) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** Keys are service/incarnation/folder/… */
    private static String folder(Object key) {
        String[] parts = key.toString().split("/", 4);
        return parts.length > 3 ? parts[2] : "other";
    }

    private InputStream metered(InputStream in, String folder) {
        opened.merge(folder, 1, Integer::sum);
        return new FilterInputStream(in) {
            @Override
            public int read() throws IOException {
                int read = super.read();
                add(read < 0 ? 0 : 1);
                return read;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int read = super.read(buffer, offset, length);
                add(Math.max(0, read));
                return read;
            }

            private void add(long count) {
                bytes.merge(folder, count, Long::sum);
            }
        };
    }

    /** What was read since this was asked last. */
    String take() {
        String result = "bytes read " + bytes + ", objects opened " + opened;
        bytes.clear();
        opened.clear();
        return result;
    }
}
