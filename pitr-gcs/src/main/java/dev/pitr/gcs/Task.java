package dev.pitr.gcs;

import dev.pitr.storage.ObjectKey;

/**
 * What is being done, as messages say it.
 *
 * @param verb such as {@code create}
 * @param subject what it is done to: a key, or other words
 */
record Task(String verb, String subject) {
    static Task of(String verb, ObjectKey key) {
        return new Task(verb, key.value());
    }

    @Override
    public String toString() {
        return verb + " " + subject;
    }
}
