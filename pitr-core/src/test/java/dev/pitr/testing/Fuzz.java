package dev.pitr.testing;

import dev.pitr.error.PitrException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Feeds a parser damaged bytes: real ones, changed at random. A parser may accept them or refuse them with its typed
 * error; anything else is a fault, and the bytes that showed it are printed, to be kept as a test.
 *
 * <p>Runs a fixed number of rounds from a fixed seed, or, with the system property {@code pitr.fuzz.seconds}, that long
 * from a seed that it prints.
 */
public final class Fuzz {
    private static final int ROUNDS = 5_000;
    private static final int MAX_CHANGES = 4;
    private static final int[] BITES = {0, 1, 7, 8, 24, 0x7F, 0x80, 0xFF, '"', '\n', '\\', '{', '/'};

    private final String parser;
    private final List<byte[]> seeds;
    private Predicate<Throwable> isRefusal = PitrException.class::isInstance;

    private Fuzz(String parser, List<byte[]> seeds) {
        this.parser = parser;
        this.seeds = seeds;
    }

    /** What a parser does with bytes. */
    @FunctionalInterface
    public interface Parser {
        /**
         * Parses.
         *
         * @param bytes hostile ones
         * @throws Exception its typed error, or a fault
         */
        void parse(byte[] bytes) throws Exception;
    }

    /**
     * Describes a run.
     *
     * @param parser a name for messages
     * @param seeds valid inputs
     * @return the run
     */
    public static Fuzz of(String parser, List<byte[]> seeds) {
        return new Fuzz(parser, List.copyOf(seeds));
    }

    /**
     * Says what else is a refusal beside a {@link PitrException}.
     *
     * @param refusal recognises it
     * @return this
     */
    public Fuzz refusing(Predicate<Throwable> refusal) {
        isRefusal = isRefusal.or(refusal);
        return this;
    }

    /**
     * Runs.
     *
     * @param target the parser
     */
    public void run(Parser target) {
        long seconds = Long.getLong("pitr.fuzz.seconds", 0);
        long seed = seconds == 0 ? 20261120 : System.nanoTime();
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        Random random = new Random(seed);
        long refused = 0;
        long rounds = 0;
        while (seconds == 0 ? rounds < ROUNDS : System.nanoTime() < end) {
            refused += feed(target, mutated(random)) ? 0 : 1;
            rounds++;
        }
        System.out.println(
                "Fuzzed " + parser + ": " + rounds + " inputs from seed " + seed + ", " + refused + " refused");
    }

    private boolean feed(Parser target, byte[] bytes) {
        try {
            target.parse(bytes);
            return true;
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            if (isRefusal.test(e)) {
                return false;
            }
            String shown = HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, 2000));
            throw new AssertionError(parser + " failed on " + bytes.length + " bytes: " + shown, e);
        }
    }

    private byte[] mutated(Random random) {
        byte[] bytes = seeds.get(random.nextInt(seeds.size())).clone();
        for (int i = 1 + random.nextInt(MAX_CHANGES); i > 0; i--) {
            bytes = change(bytes, random);
        }
        return bytes;
    }

    private byte[] change(byte[] bytes, Random random) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        int at = random.nextInt(bytes.length);
        int length = random.nextInt(Math.min(bytes.length - at, 1 + random.nextInt(64)) + 1);
        switch (random.nextInt(7)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[at] = (byte) BITES[random.nextInt(BITES.length)];
            case 2 -> Arrays.fill(bytes, at, at + length, (byte) (random.nextBoolean() ? 0 : 0xFF));
            case 3 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 4 -> {
                return joined(bytes, 0, at, bytes, at + length, bytes.length);
            }
            case 5 -> {
                return joined(bytes, 0, at + length, bytes, at, bytes.length);
            }
            default -> {
                byte[] other = seeds.get(random.nextInt(seeds.size()));
                return joined(bytes, 0, at, other, random.nextInt(other.length + 1), other.length);
            }
        }
        return bytes;
    }

    private static byte[] joined(byte[] first, int from, int to, byte[] second, int secondFrom, int secondTo) {
        byte[] all = Arrays.copyOf(Arrays.copyOfRange(first, from, to), to - from + secondTo - secondFrom);
        System.arraycopy(second, secondFrom, all, to - from, secondTo - secondFrom);
        return all;
    }

    /**
     * Makes seeds of texts.
     *
     * @param texts valid inputs
     * @return their bytes
     */
    public static List<byte[]> texts(String... texts) {
        List<byte[]> seeds = new ArrayList<>();
        for (String text : texts) {
            seeds.add(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        return seeds;
    }
}
