package dev.pitr.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Files of format 1 as they must stay: what a later version writes may add to them, what it reads may not refuse them. */
final class Golden {
    private Golden() {}

    static byte[] bytes(String name) {
        try (InputStream in = Golden.class.getResourceAsStream("format-1/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void assertSame(String name, byte[] actual) {
        assertThat(new String(actual, StandardCharsets.UTF_8))
                .isEqualTo(new String(bytes(name), StandardCharsets.UTF_8));
    }
}
