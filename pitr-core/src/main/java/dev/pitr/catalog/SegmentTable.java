package dev.pitr.catalog;

import java.util.Arrays;

/** The archived segments of one timeline: numbers in increasing order, and beside each its stored size. */
final class SegmentTable {
    private long[] numbers = new long[64];
    private int[] sizes = new int[64];
    private int count;

    void append(long number, int sizeBytes) {
        if (count == numbers.length) {
            numbers = Arrays.copyOf(numbers, count * 2);
            sizes = Arrays.copyOf(sizes, count * 2);
        }
        numbers[count] = number;
        sizes[count] = sizeBytes;
        count++;
    }

    /** Brings a finished table into order; of a number that was appended twice the later one counts. */
    SegmentTable sorted() {
        if (!isStrictlyIncreasing()) {
            sort();
        }
        numbers = Arrays.copyOf(numbers, count);
        sizes = Arrays.copyOf(sizes, count);
        return this;
    }

    private boolean isStrictlyIncreasing() {
        for (int i = 1; i < count; i++) {
            if (numbers[i] <= numbers[i - 1]) {
                return false;
            }
        }
        return true;
    }

    private void sort() {
        Integer[] order = new Integer[count];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Long.compare(numbers[a], numbers[b]));
        long[] newNumbers = new long[count];
        int[] newSizes = new int[count];
        int kept = 0;
        for (int source : order) {
            int target = kept > 0 && newNumbers[kept - 1] == numbers[source] ? kept - 1 : kept++;
            newNumbers[target] = numbers[source];
            newSizes[target] = sizes[source];
        }
        numbers = newNumbers;
        sizes = newSizes;
        count = kept;
    }

    int count() {
        return count;
    }

    long number(int index) {
        return numbers[index];
    }

    int sizeBytes(int index) {
        return sizes[index];
    }

    /** The index of a number, or, as {@link Arrays#binarySearch}, a negative number if it isn't there. */
    int indexOf(long number) {
        return Arrays.binarySearch(numbers, 0, count, number);
    }

    /** The index of the last number of the unbroken run that begins at an index. */
    int endOfRun(int index) {
        // Numbers strictly increase, so that number - index never decreases: the run ends where it first grows.
        long base = numbers[index] - index;
        int low = index;
        int high = count - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (numbers[middle] - middle == base) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    long totalBytes() {
        long total = 0;
        for (int i = 0; i < count; i++) {
            total += sizes[i];
        }
        return total;
    }
}
