package dev.pitr.gcs;

/** What goes wrong with a request to a {@link FakeGcs}. */
enum FakeFault {
    /** Nothing is done, and the connection closes without an answer. */
    RESET,
    /** Nothing is done, and the answer is 503. */
    UNAVAILABLE,
    /** Nothing is done, and the answer is 429 with a pause to keep. */
    THROTTLED,
    /** It is done, and the connection closes without an answer. */
    LOST_ANSWER,
    /** The answer breaks off in the middle. */
    CUT_ANSWER,
    /** One byte of the request arrives as another. */
    WRONG_BYTE_UP,
    /** One byte of the answer arrives as another. */
    WRONG_BYTE_DOWN,
    /** Of a chunk, only the first 256 KiB are kept. */
    PART_OF_CHUNK,
    /** The server doesn't know the method. */
    NO_SUCH_METHOD,
    /** Somebody else changes the bucket just before. */
    BUCKET_CHANGED
}
