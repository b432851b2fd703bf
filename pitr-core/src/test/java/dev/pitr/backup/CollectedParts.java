package dev.pitr.backup;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parts and frames in memory. */
final class CollectedParts implements FrameOutput {
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record CollectedFrame(byte[] raw, List<String> members) {}

    final Map<String, List<CollectedFrame>> parts = new LinkedHashMap<>();
    private final int frameSize;
    private List<CollectedFrame> present = new ArrayList<>();
    private boolean open;

    CollectedParts(int frameSize) {
        this.frameSize = frameSize;
    }

    @Override
    public Frame acquire() {
        return new Frame(frameSize + PartCutter.TRAILER, 0);
    }

    @Override
    public void beginPart(PartName name) {
        if (open) {
            throw new AssertionError("part " + name + " begins inside another");
        }
        open = true;
        present = new ArrayList<>();
        if (parts.put(name.objectName(".tar"), present) != null) {
            throw new AssertionError("part " + name + " comes twice");
        }
    }

    @Override
    public void frame(Frame frame) {
        if (!open) {
            throw new AssertionError("a frame outside of a part");
        }
        present.add(new CollectedFrame(Arrays.copyOf(frame.raw, frame.rawLength), List.copyOf(frame.members())));
    }

    @Override
    public void endPart() {
        open = false;
    }

    byte[] bytesOf(String part) {
        ByteArrayOutputStream result = new ByteArrayOutputStream();
        parts.get(part).forEach(frame -> result.writeBytes(frame.raw()));
        return result.toByteArray();
    }

    /** Every file of every part, read back part by part. */
    Map<String, byte[]> files() {
        Map<String, byte[]> result = new LinkedHashMap<>();
        parts.keySet().forEach(part -> result.putAll(TarStream.read(bytesOf(part))));
        return result;
    }
}
