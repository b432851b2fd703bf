package dev.pitr.examples.bench;

import dev.pitr.storage.ObjectStorage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts the calls of a storage, by method. Not thread-safe. */
final class CountedRequests {
    private final SortedMap<String, Integer> counts = new TreeMap<>();

    ObjectStorage around(ObjectStorage storage) {
        return (ObjectStorage) Proxy.newProxyInstance(
                ObjectStorage.class.getClassLoader(),
                new Class<?>[] {ObjectStorage.class},
                (proxy, method, arguments) -> {
                    counts.merge(method.getName(), 1, Integer::sum);
                    try {
                        return method.invoke(storage, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    SortedMap<String, Integer> counts() {
        return counts;
    }

    void reset() {
        counts.clear();
    }
}
