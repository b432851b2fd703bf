package dev.pitr.progress;

import java.util.OptionalLong;

/**
 * One observation of a running job.
 *
 * @param phase what the job does now, a short English phrase such as {@code "copying files"}
 * @param doneBytes bytes finished in this phase, 0 or more
 * @param totalBytes bytes of this phase when they are known or estimated; a server's estimate may be passed by
 *     {@code doneBytes}
 */
public record Progress(String phase, long doneBytes, OptionalLong totalBytes) {}
