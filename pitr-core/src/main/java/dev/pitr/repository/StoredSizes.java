package dev.pitr.repository;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Stored sizes of consecutive segments as one text: numbers with spaces between. */
final class StoredSizes {
    private StoredSizes() {}

    static String print(int[] sizes) {
        return IntStream.of(sizes).mapToObj(Integer::toString).collect(Collectors.joining(" "));
    }

    static int[] parse(String text) {
        int[] sizes = new int[(int) text.chars().filter(c -> c == ' ').count() + 1];
        int start = 0;
        for (int i = 0; i < sizes.length; i++) {
            int space = text.indexOf(' ', start);
            int end = space < 0 ? text.length() : space;
            sizes[i] = Integer.parseInt(text, start, end, 10);
            if (sizes[i] < 0) {
                throw new IllegalArgumentException("size " + sizes[i]);
            }
            start = end + 1;
        }
        return sizes;
    }
}
