package dev.pitr.gcs;

import com.google.api.client.json.GenericJson;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A bucket in memory, as strict as the real thing: versions have generations, preconditions are checked when an upload
 * starts and again, under one lock, when its object would appear.
 */
final class FakeBucket {
    static final int CHUNK_UNIT = 256 * 1024;

    private final String name;
    private final NavigableMap<String, FakeObject> live = new TreeMap<>();
    private final Map<String, Session> sessions = new HashMap<>();
    private final List<FakeObject> noncurrent = new ArrayList<>();
    private GenericJson lifecycle = new GenericJson();
    private long generation = 1_700_000_000_000_000L;
    private long metageneration = 1;
    private boolean retained;
    private boolean versioned;
    private boolean unconditional;
    private boolean corrupting;

    FakeBucket(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** Keeps what is there from being replaced or deleted, as a retention policy does. */
    synchronized void retain(boolean on) {
        retained = on;
    }

    synchronized void keepVersions(boolean on) {
        versioned = on;
    }

    /** Ignores preconditions, as servers do that aren't the real thing. */
    synchronized void ignorePreconditions(boolean on) {
        unconditional = on;
    }

    /** Keeps other bytes than were sent, and doesn't notice. */
    synchronized void corruptWhatIsStored(boolean on) {
        corrupting = on;
    }

    /** An upload that was begun: what is there of it, and what became of it. */
    static final class Session {
        final String object;
        final GenericJson given;
        final Map<String, String> query;
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        FakeObject done;

        Session(String object, GenericJson given, Map<String, String> query) {
            this.object = object;
            this.given = given;
            this.query = query;
        }
    }

    synchronized FakeObject put(String object, GenericJson given, Map<String, String> query, byte[] bytes)
            throws ApiError {
        if (!corrupting) {
            FakeObject.check(given, bytes);
        }
        FakeObject old = live.get(object);
        requireMatch(old, query);
        if (old != null) {
            remove(old);
        }
        GenericJson kept = new GenericJson();
        kept.putAll(given);
        byte[] stored = corrupting ? new byte[bytes.length + 1] : bytes;
        FakeObject added = new FakeObject(
                object,
                stored,
                ++generation,
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                kept,
                query.get("kmsKeyName"));
        live.put(object, added);
        return added;
    }

    private void requireMatch(FakeObject found, Map<String, String> query) throws ApiError {
        String wanted = query.get("ifGenerationMatch");
        long actual = found == null ? 0 : found.generation();
        if (wanted != null && !unconditional && Long.parseLong(wanted) != actual) {
            throw ApiError.conditionNotMet();
        }
    }

    private void remove(FakeObject old) throws ApiError {
        if (retained) {
            throw new ApiError(
                    403,
                    "retentionPolicyNotMet",
                    "Object '" + name + "/" + old.name() + "' is subject to bucket's retention policy and cannot be"
                            + " deleted or overwritten until it has expired.");
        }
        live.remove(old.name());
        if (versioned) {
            noncurrent.add(old);
        }
    }

    synchronized FakeObject get(String object, Map<String, String> query) throws ApiError {
        String wanted = query.get("generation");
        FakeObject found = live.get(object);
        if (wanted != null && (found == null || found.generation() != Long.parseLong(wanted))) {
            found = noncurrent.stream()
                    .filter(old -> old.name().equals(object) && old.generation() == Long.parseLong(wanted))
                    .findFirst()
                    .orElse(null);
        }
        if (found == null) {
            throw new ApiError(404, "notFound", "No such object: " + name + "/" + object);
        }
        return found;
    }

    synchronized void delete(String object, Map<String, String> query) throws ApiError {
        FakeObject found = get(object, Map.of());
        requireMatch(found, query);
        remove(found);
    }

    synchronized String start(String object, GenericJson given, Map<String, String> query) throws ApiError {
        requireMatch(live.get(object), query);
        String id = UUID.randomUUID().toString();
        sessions.put(id, new Session(object, given, query));
        return id;
    }

    synchronized Session session(String id) throws ApiError {
        Session session = sessions.get(id);
        if (session == null) {
            throw new ApiError(404, "notFound", "No such upload");
        }
        return session;
    }

    synchronized int unfinishedUploads() {
        return (int) sessions.values().stream()
                .filter(session -> session.done == null)
                .count();
    }

    synchronized void forgetUploads() {
        sessions.clear();
    }

    synchronized void cancel(String id) throws ApiError {
        session(id);
        sessions.remove(id);
    }

    synchronized FakeObject finish(Session session) throws ApiError {
        session.done = put(session.object, session.given, session.query, session.bytes.toByteArray());
        return session.done;
    }

    synchronized List<FakeObject> list(String prefix, String from, String after, int max) {
        String start = from.compareTo(prefix) > 0 ? from : prefix;
        NavigableMap<String, FakeObject> tail = after == null ? live.tailMap(start, true) : live.tailMap(after, false);
        return tail.values().stream()
                .takeWhile(object -> object.name().startsWith(prefix))
                .limit(max)
                .toList();
    }

    synchronized GenericJson json() {
        GenericJson json = new GenericJson();
        json.set("kind", "storage#bucket");
        json.set("name", name);
        json.set("metageneration", Long.toString(metageneration));
        if (!lifecycle.isEmpty()) {
            json.set("lifecycle", lifecycle);
        }
        return json;
    }

    synchronized void change() {
        metageneration++;
    }

    synchronized void setLifecycle(GenericJson rules, Map<String, String> query) throws ApiError {
        String wanted = query.get("ifMetagenerationMatch");
        if (wanted != null && Long.parseLong(wanted) != metageneration) {
            throw ApiError.conditionNotMet();
        }
        metageneration++;
        lifecycle = rules;
    }
}
