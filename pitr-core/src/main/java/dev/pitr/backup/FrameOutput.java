package dev.pitr.backup;

/** Takes the frames that {@link TarCutter} cuts, in order, part by part. Called by one thread. */
interface FrameOutput {
    /** Lends an empty frame; waits until one is free. */
    Frame acquire();

    /** Begins a part; what follows until {@link #endPart} belongs to it. */
    void beginPart(PartName name);

    /** Takes back a filled frame. */
    void frame(Frame frame);

    /** Ends the part. */
    void endPart();
}
