package dev.pitr.postgres;

import static dev.pitr.postgres.ScriptedSocket.Script.number;
import static dev.pitr.postgres.ScriptedSocket.Script.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pitr.postgres.MessageStream.ProtocolViolation;
import dev.pitr.postgres.ScriptedSocket.Script;
import dev.pitr.wal.Lsn;
import dev.pitr.wal.PostgresVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BaseBackupReaderTest {
    @ParameterizedTest
    @EnumSource(names = {"V13", "V18"})
    void readsAWholeBackup(PostgresVersion version) throws Exception {
        CollectingSink sink = new CollectingSink();

        BaseBackupEnd end = read(version, whole(version), sink);

        assertThat(sink.calls)
                .containsExactly("start", "archiveStart 7", "archiveEnd", "archiveStart base", "archiveEnd");
        assertThat(sink.archives.values()).extracting(Object::toString).containsExactly("spacespace", "basebase");
        assertThat(sink.manifest).hasToString("manifest");
        assertThat(sink.start.startLsn()).isEqualTo(Lsn.parse("0/2000028"));
        assertThat(sink.start.archives().get(0).estimatedBytes()).hasValue(12 * 1024);
        assertThat(end.stopLsn()).isEqualTo(Lsn.parse("0/2000100"));
        assertThat(end.warnings()).containsExactly("WARNING: careful");
    }

    @ParameterizedTest
    @EnumSource(names = {"V13", "V18"})
    void failsAtEveryTruncation(PostgresVersion version) {
        byte[] script = whole(version);
        for (int length = 0; length < script.length; length++) {
            byte[] cut = Arrays.copyOf(script, length);
            assertThatThrownBy(() -> read(version, cut, new CollectingSink()))
                    .as("cut at %d", length)
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"V13", "V18"})
    void failsCleanlyOnGarbledBytes(PostgresVersion version) {
        byte[] script = whole(version);
        Random random = new Random(18);
        for (int round = 0; round < 20_000; round++) {
            byte[] garbled = script.clone();
            for (int i = 0; i <= random.nextInt(3); i++) {
                garbled[random.nextInt(garbled.length)] = (byte) random.nextInt();
            }
            Throwable thrown = catchThrowable(() -> read(version, garbled, new CollectingSink()));
            if (thrown != null) {
                assertThat(thrown).isInstanceOfAny(IOException.class, ServerFailure.class);
            }
        }
    }

    @Test
    void refusesArchivesThatWereNotAnnounced() {
        byte[] script = announced()
                .message('H')
                .message('d', new byte[] {'n'}, text("8.tar"), text("/space"))
                .toBytes();
        assertThatThrownBy(() -> read(PostgresVersion.V18, script, new CollectingSink()))
                .isInstanceOf(ProtocolViolation.class)
                .hasMessage("the server sent archive \"8.tar\" where \"7.tar\" is due");
    }

    @Test
    void refusesABackupWithoutItsDataDirectory() {
        byte[] script = announced()
                .message('H')
                .message('d', new byte[] {'n'}, text("7.tar"), text("/space"))
                .message('c')
                .toBytes();
        assertThatThrownBy(() -> read(PostgresVersion.V18, script, new CollectingSink()))
                .isInstanceOf(ProtocolViolation.class)
                .hasMessageContaining("a backup that ends after 1 of 2 archives");
    }

    @Test
    void keepsTheErrorThatEndsTheSession() {
        byte[] script = announced()
                .message('H')
                .message('E', text("VFATAL"), text("C57P01"), text("Mgoing down"), new byte[1])
                .toBytes();
        assertThatThrownBy(() -> read(PostgresVersion.V18, script, new CollectingSink()))
                .isInstanceOfSatisfying(
                        ServerFailure.class,
                        e -> assertThat(e.error().endsSession()).isTrue())
                .hasMessage("going down");
    }

    @Test
    void boundsWhatAHostileServerMakesItHold() {
        byte[] longField = new Script()
                .message('T', new byte[] {0, 1}, text("a"), new byte[18])
                .message('D', new byte[] {0, 1}, number(Integer.MAX_VALUE))
                .toBytes();
        assertThatThrownBy(() -> query(longField))
                .isInstanceOf(ProtocolViolation.class)
                .hasMessageContaining("a field of 2147483647 bytes where the message has 0 bytes left");

        byte[] negative = {'D', -1, -1, -1, -1};
        assertThatThrownBy(() -> query(negative)).isInstanceOf(ProtocolViolation.class);

        byte[] hugeNotice = new Script().message('N', new byte[2 << 20]).toBytes();
        assertThatThrownBy(() -> query(hugeNotice))
                .isInstanceOf(ProtocolViolation.class)
                .hasMessageContaining("an error or notice of 2097152 bytes");

        Script manyRows = new Script().message('T', new byte[] {0, 1}, text("a"), new byte[18]);
        byte[] mebibyte = new byte[1 << 20];
        for (int i = 0; i < 17; i++) {
            manyRows.message('D', new byte[] {0, 1}, number(mebibyte.length), mebibyte);
        }
        assertThatThrownBy(() -> query(manyRows.toBytes()))
                .isInstanceOf(ProtocolViolation.class)
                .hasMessageContaining("a result of more than 16777216 bytes");
    }

    @Test
    void countsTheWarningsThatItDoesNotKeep() throws Exception {
        Script script = new Script();
        for (int i = 0; i < 1500; i++) {
            script.message('N', text("VWARNING"), text("Mpage"), new byte[1]);
        }
        Answer answer = new Answer(stream(script.message('Z', new byte[] {'I'}).toBytes()));
        assertThat(answer.lastRows()).isEmpty();
        assertThat(answer.warnings()).hasSize(1001).endsWith("WARNING: page", "(500 more left out)");
    }

    private static Script announced() {
        return new Script()
                .row("recptr", "0/2000028", "tli", "1")
                .message('T', new byte[] {0, 3}, column("spcoid"), column("spclocation"), column("size"))
                .message('D', new byte[] {0, 3}, value("7"), value("/space"), value("12"))
                .message('D', new byte[] {0, 3}, number(-1), number(-1), value("34"))
                .message('C', text("SELECT"));
    }

    private static byte[] whole(PostgresVersion version) {
        Script script = announced().message('S', text("TimeZone"), text("UTC"));
        if (version.isAtLeast(PostgresVersion.V15)) {
            script.message('H')
                    .message('d', new byte[] {'n'}, text("7.tar"), text("/space"))
                    .message('d', bytes("dspace"))
                    .message('d', bytes("p12345678"))
                    .message('d', bytes("dspace"))
                    .message('d', new byte[] {'n'}, text("base.tar"), text(""))
                    .message('d', bytes("dbasebase"))
                    .message('N', text("VWARNING"), text("C01000"), text("Mcareful"), new byte[1])
                    .message('d', bytes("m"))
                    .message('d', bytes("dmanifest"))
                    .message('c');
        } else {
            script.message('H')
                    .message('d', bytes("space"))
                    .message('d', bytes("space"))
                    .message('c')
                    .message('H')
                    .message('d', bytes("basebase"))
                    .message('N', text("VWARNING"), text("C01000"), text("Mcareful"), new byte[1])
                    .message('c')
                    .message('H')
                    .message('d', bytes("manifest"))
                    .message('c');
        }
        return script.row("recptr", "0/2000100", "tli", "1")
                .message('C', text("BASE_BACKUP"))
                .message('Z', new byte[] {'I'})
                .toBytes();
    }

    private static byte[] column(String name) {
        byte[] text = text(name);
        return Arrays.copyOf(text, text.length + 18);
    }

    private static byte[] value(String value) {
        byte[] encoded = bytes(value);
        byte[] field = Arrays.copyOf(number(encoded.length), Integer.BYTES + encoded.length);
        System.arraycopy(encoded, 0, field, Integer.BYTES, encoded.length);
        return field;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static BaseBackupEnd read(PostgresVersion version, byte[] script, BaseBackupSink sink)
            throws IOException, ServerFailure {
        return new BaseBackupReader(stream(script), version, sink).read();
    }

    private static void query(byte[] script) throws IOException, ServerFailure {
        new Answer(stream(script)).lastRows();
    }

    private static MessageStream stream(byte[] script) throws IOException {
        return new MessageStream(new ScriptedSocket(script), Duration.ZERO);
    }
}
