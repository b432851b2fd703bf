package dev.pitr.archive;

/**
 * Who tells the server that a WAL file is archived, by renaming {@code archive_status/<name>.ready} to {@code .done}: only
 * then does the server recycle the file.
 */
public enum ReadyFiles {
    /**
     * They are left alone. Right where the server's own archiver runs, since it renames after a successful
     * {@code archive_command}, and for looking at a stopped server's files.
     */
    LEAVE,
    /**
     * Each is renamed once its file is archived. Right where the server has {@code archive_mode} on and an empty
     * {@code archive_command}, so that it only collects files; wrong beside a working one, which would then archive
     * and recycle the same files at the same time.
     */
    RENAME_TO_DONE
}
