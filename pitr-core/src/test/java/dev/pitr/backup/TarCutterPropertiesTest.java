package dev.pitr.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Whatever the files, the bounds and the pieces of the stream: what goes in comes out. */
class TarCutterPropertiesTest {
    @Property(tries = 500)
    void everyPartIsAWholeArchiveAndNothingIsLost(
            @ForAll @Size(max = 40) List<@IntRange(max = 9000) Integer> sizes,
            @ForAll @IntRange(min = 2, max = 12) int frameBlocks,
            @ForAll @LongRange(min = 1, max = 30_000) long partSize,
            @ForAll long seed) {
        TarStream sent = new TarStream();
        for (int i = 0; i < sizes.size(); i++) {
            sent.file("f" + i, sizes.get(i));
        }
        int frameSize = frameBlocks * 512;
        CollectedParts output = new CollectedParts(frameSize);
        TarCutter cutter =
                new TarCutter(new PartCutter(output, new PartCutter.Limits(frameSize, partSize, 16)), Set.of());

        send(cutter, seed % 2 == 0 ? sent.withTrailer() : sent.withoutTrailer(), new Random(seed));

        assertThat(output.files()).containsExactlyEntriesOf(sent.files());
        for (String part : output.parts.keySet()) {
            assertThatPartIsWellCut(output, part, frameSize);
        }
    }

    private static void send(TarCutter cutter, byte[] archive, Random random) {
        cutter.beginArchive(0);
        int at = 0;
        while (at < archive.length) {
            int length = Math.min(1 + random.nextInt(random.nextBoolean() ? 40 : 3000), archive.length - at);
            cutter.accept(archive, at, length);
            at += length;
        }
        cutter.endArchive();
    }

    private static void assertThatPartIsWellCut(CollectedParts output, String part, int frameSize) {
        byte[] bytes = output.bytesOf(part);
        assertThat(bytes.length % 512).isZero();
        assertThat(Arrays.copyOfRange(bytes, bytes.length - 1024, bytes.length)).isEqualTo(new byte[1024]);
        List<String> named = new ArrayList<>();
        List<CollectedParts.CollectedFrame> frames = output.parts.get(part);
        for (int i = 0; i < frames.size(); i++) {
            boolean last = i == frames.size() - 1;
            int length = frames.get(i).raw().length - (last ? 1024 : 0);
            assertThat(length).isBetween(last ? 0 : 1, frameSize);
            named.addAll(frames.get(i).members());
        }
        assertThat(named).isEqualTo(List.copyOf(TarStream.read(bytes).keySet()));
    }
}
