package dev.pitr.wal.record;

import java.util.zip.CRC32C;

/**
 * CRC-32C of bytes that are not at hand, from those of their parts: a CRC is the remainder of a polynomial division, so
 * that appending bytes multiplies it.
 */
final class CrcArithmetic {
    /** Castagnoli's polynomial; the highest bit stands for x to the 0. */
    private static final int POLYNOMIAL = 0x82F6_3B78;

    private static final int ONE = 1 << 31;
    private static final int X = 1 << 30;

    private CrcArithmetic() {}

    static int of(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /** Of two parts, one after the other. */
    static int concatenated(int first, int second, long secondLength) {
        return multiply(first, power(secondLength)) ^ second;
    }

    /** Of what is left of the whole when its first bytes are cut off. */
    static int withoutStart(int whole, int start, long restLength) {
        return whole ^ multiply(start, power(restLength));
    }

    /** x to the number of bits in so many bytes. */
    private static int power(long bytes) {
        int result = ONE;
        int square = X;
        for (long bits = bytes * Byte.SIZE; bits != 0; bits >>>= 1) {
            if ((bits & 1) != 0) {
                result = multiply(result, square);
            }
            square = multiply(square, square);
        }
        return result;
    }

    private static int multiply(int a, int b) {
        int product = 0;
        int shifted = b;
        for (int bit = ONE; bit != 0; bit >>>= 1) {
            product ^= (a & bit) == 0 ? 0 : shifted;
            shifted = shifted >>> 1 ^ ((shifted & 1) == 0 ? 0 : POLYNOMIAL);
        }
        return product;
    }
}
