package dev.pitr.postgres;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The other end of a connection that says what it was told to, and nothing more. */
final class ScriptedSocket extends Socket {
    private final InputStream script;

    ScriptedSocket(byte[] script) {
        this.script = new ByteArrayInputStream(script);
    }

    @Override
    public synchronized void setSoTimeout(int timeout) {}

    @Override
    public InputStream getInputStream() {
        return script;
    }

    @Override
    public OutputStream getOutputStream() {
        return OutputStream.nullOutputStream();
    }

    /** Collects messages of a server. */
    static final class Script {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Script message(char type, byte[]... parts) {
            int length = Integer.BYTES;
            for (byte[] part : parts) {
                length += part.length;
            }
            try (DataOutputStream out = new DataOutputStream(bytes)) {
                out.writeByte(type);
                out.writeInt(length);
                for (byte[] part : parts) {
                    out.write(part);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return this;
        }

        Script row(String... namesAndValues) {
            int columns = namesAndValues.length / 2;
            ByteArrayOutputStream names = new ByteArrayOutputStream();
            ByteArrayOutputStream values = new ByteArrayOutputStream();
            for (int i = 0; i < columns; i++) {
                names.writeBytes(text(namesAndValues[2 * i]));
                names.writeBytes(new byte[18]);
                String value = namesAndValues[2 * i + 1];
                byte[] encoded = value == null ? new byte[0] : value.getBytes(StandardCharsets.UTF_8);
                values.writeBytes(number(value == null ? -1 : encoded.length));
                values.writeBytes(encoded);
            }
            byte[] count = {0, (byte) columns};
            return message('T', count, names.toByteArray())
                    .message('D', count, values.toByteArray())
                    .message('C', text("SELECT"));
        }

        byte[] toBytes() {
            return bytes.toByteArray();
        }

        static byte[] text(String text) {
            return (text + "\0").getBytes(StandardCharsets.UTF_8);
        }

        static byte[] number(int number) {
            return new byte[] {(byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number};
        }
    }
}
