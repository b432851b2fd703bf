package dev.pitr.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text in files of a server, whose encoding nobody declares. */
final class ServerText {
    private ServerText() {}

    /** Decodes UTF-8; bytes that are none become one character each (ISO 8859-1), so that nothing gets lost. */
    static String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }
}
