package dev.pitr.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pitr.postgres.ScriptedSocket.Script;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnswerTest {
    private static final byte[] NO_UTF8 = {'1', '\t', (byte) 0xE9, 0, '\n'};

    @Test
    void handsValuesOverAsTheServerSentThem() throws Exception {
        byte[] two = {0, 2};
        byte[] script = new Script()
                .message('T', two, Script.text("filename"), new byte[18], Script.text("content"), new byte[18])
                .message('D', two, Script.number(-1), Script.number(NO_UTF8.length), NO_UTF8)
                .message('C', Script.text("TIMELINE_HISTORY"))
                .message('Z', new byte[] {'I'})
                .toBytes();

        List<Map<String, byte[]>> rows =
                new Answer(new MessageStream(new ScriptedSocket(script), Duration.ZERO)).lastRawRows();

        assertThat(rows).hasSize(1);
        assertThat(rows.get(0)).containsEntry("filename", null).containsEntry("content", NO_UTF8);
    }
}
