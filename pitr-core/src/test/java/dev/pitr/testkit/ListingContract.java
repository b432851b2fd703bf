package dev.pitr.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How objects are listed and deleted. */
abstract class ListingContract extends ReadingContract {
    /** More than the page of any store, sorting differently as numbers and as names. */
    private static final int MORE_THAN_A_PAGE = 1_103;

    /** Folders and files whose names interleave: a slash sorts after the dash and the dot, before digits and letters. */
    private static final List<String> INTERLEAVED = List.of(
            "a-/x",
            "a-b",
            "a-b.c",
            "a.",
            "a.x/y",
            "a/a",
            "a/b-c",
            "a/b.d",
            "a/b/c",
            "a/b0",
            "a/bb/c",
            "a0",
            "aA",
            "a_",
            "aa/b",
            "b",
            "c/d/e/f/g",
            "c/d/e/h",
            "c0/d");

    @Test
    void listsNothingWhereNothingIs() {
        assertThat(listAll()).isEmpty();
        assertThat(list("a/", "")).isEmpty();
        assertThat(list("", "a")).isEmpty();
    }

    @Test
    void listsInTheOrderOfBytes() {
        putShuffled();

        assertThat(listAll())
                .containsExactlyElementsOf(INTERLEAVED.stream().sorted().toList());
    }

    private void putShuffled() {
        List<String> keys = new ArrayList<>(INTERLEAVED);
        Collections.shuffle(keys, new Random(1));
        keys.forEach(this::put);
    }

    @Test
    void listsFromAnyKeyUnderAnyPrefix() {
        putShuffled();
        TreeSet<String> probes = new TreeSet<>(List.of("", "/", "-", "~", "a/b/", "a/c", "c/d/e/", "c/d/f", "\u00e9"));
        for (String key : INTERLEAVED) {
            probes.addAll(List.of(key, key + "-", key + "~", key.substring(0, key.length() - 1)));
        }
        for (String prefix :
                List.of("", "a", "a-", "a/", "a/b", "a/b/", "a/b/c", "c/d/e", "c/d/e/", "c", "d", "a/b/c/")) {
            for (String from : probes) {
                assertThat(list(prefix, from))
                        .as("prefix \"%s\", from \"%s\"", prefix, from)
                        .containsExactlyElementsOf(expected(prefix, from));
            }
        }
    }

    private static List<String> expected(String prefix, String from) {
        return INTERLEAVED.stream()
                .filter(key -> key.startsWith(prefix) && key.compareTo(from) >= 0)
                .sorted()
                .toList();
    }

    @Test
    void listsNothingUnderPrefixesThatNoKeyHas() {
        put("a/b");

        for (String prefix :
                List.of("/", "..", "../", "a/..", "a/../", "a/../a", "./", "a//", "//", "a/b/../b", "\u00e9", "a\0")) {
            assertThat(list(prefix, "")).as(prefix).isEmpty();
        }
        assertThat(list("", "../")).containsExactly("a/b");
        assertThat(list("a/", "a/../../")).containsExactly("a/b");
    }

    @Test
    void tellsWhatALookUpTells() {
        put("a/b", bytes(1234, 1));
        put("c", bytes(0, 1));

        try (Stream<ObjectInfo> objects = storage().list("", "")) {
            assertThat(objects)
                    .containsExactly(
                            storage().stat(key("a/b")).orElseThrow(),
                            storage().stat(key("c")).orElseThrow());
        }
    }

    @Test
    void listsAndDeletesMoreThanAPage() {
        List<String> keys = IntStream.range(0, MORE_THAN_A_PAGE)
                .mapToObj(i -> "many/" + i)
                .sorted()
                .toList();
        putAll(keys);
        put("after");

        assertThat(list("many/", "")).containsExactlyElementsOf(keys);
        assertThat(list("many/", keys.get(1000))).containsExactlyElementsOf(keys.subList(1000, keys.size()));
        assertThat(list("many/9", "")).allMatch(key -> key.startsWith("many/9")).hasSize(111);
        try (Stream<ObjectInfo> objects = storage().list("", "")) {
            assertThat(objects.limit(3)).hasSize(3);
        }

        List<ObjectKey> all = new ArrayList<>(keys.stream().map(ObjectKey::new).toList());
        all.add(key("many/absent"));
        all.add(key("many/1"));
        storage().delete(all);
        assertThat(listAll()).containsExactly("after");
    }

    @Test
    void listsWhatStaysExactlyOnceWhileOthersComeAndGo() {
        List<String> kept = IntStream.range(0, 60)
                .mapToObj(i -> "k/" + (i % 6) + "/" + i + "-kept")
                .toList();
        List<String> gone = IntStream.range(0, 60)
                .mapToObj(i -> "k/" + (i % 6) + "/" + i + "-gone")
                .toList();
        putAll(kept);
        putAll(gone);

        List<String> listed = new ArrayList<>();
        try (Stream<ObjectInfo> objects = storage().list("", "")) {
            int step = 0;
            for (Iterator<ObjectInfo> all = objects.iterator(); all.hasNext(); step++) {
                listed.add(all.next().key().value());
                if (step < gone.size()) {
                    storage().delete(List.of(key(gone.get(step))));
                    put("k/" + (step % 6) + "/new" + step);
                }
            }
        }

        assertThat(listed).isSorted().doesNotHaveDuplicates().containsAll(kept);
    }

    @Test
    void deletesWhatExistsAndPassesOverWhatDoesNot() {
        put("a/b");
        put("a/c");
        put("d/e/f");

        storage().delete(List.of());
        storage().delete(List.of(key("a/b"), key("x"), key("y/z"), key("a/b"), key("d/e/f")));
        storage().delete(List.of(key("a/b")));

        assertThat(listAll()).containsExactly("a/c");
        assertThat(storage().stat(key("a/b"))).isEmpty();
    }

    @Test
    void deletesNothingBelowAKey() {
        put("a/b/c");

        storage().delete(List.of(key("a"), key("a/b"), key("a/b/c/d")));

        assertThat(listAll()).containsExactly("a/b/c");
    }

    @Test
    void reusesAFolderThatWasEmptied() {
        put("a/b/c");
        storage().delete(List.of(key("a/b/c")));

        assertThatCode(() -> put("a/b")).doesNotThrowAnyException();
        assertThat(listAll()).containsExactly("a/b");
    }
}
