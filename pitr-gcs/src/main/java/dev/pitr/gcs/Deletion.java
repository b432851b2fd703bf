package dev.pitr.gcs;

import com.google.api.client.http.ByteArrayContent;
import com.google.api.client.http.HttpResponse;
import dev.pitr.error.CancelledException;
import dev.pitr.error.PitrException;
import dev.pitr.storage.ObjectKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Deletes many objects, a hundred in one request. What a batch didn't do is tried again one by one; so is everything on
 * servers without batches.
 */
final class Deletion {
    private static final int BATCH = 100;
    private static final int MAX_ANSWER_BYTES = 1 << 20;
    private static final String BOUNDARY = "pitr_delete";
    private static final Pattern PART =
            Pattern.compile("(?i)content-id:\\s*<?response-(\\d{1,3})\\b.*?HTTP/\\S+ (\\d{3})", Pattern.DOTALL);
    private static final String ABSENT = "No such object";

    private final GcsClient client;
    private final ObjectNames names;
    private final List<ObjectKey> keys;
    private @Nullable PitrException failure;

    Deletion(GcsClient client, ObjectNames names, Set<ObjectKey> keys) {
        this.client = client;
        this.names = names;
        this.keys = List.copyOf(keys);
    }

    /**
     * Tries every key.
     *
     * @return whether the server understands batches
     */
    boolean run(boolean batched) {
        boolean batches = batched;
        for (int start = 0; start < keys.size(); start += BATCH) {
            List<ObjectKey> some = keys.subList(start, Math.min(keys.size(), start + BATCH));
            if (batches && some.size() > 1) {
                batches = deleteTogether(some);
            } else {
                some.forEach(this::deleteOne);
            }
        }
        if (failure != null) {
            throw failure;
        }
        return batches;
    }

    private boolean deleteTogether(List<ObjectKey> some) {
        Task task = new Task("delete", some.size() + " objects from " + some.get(0) + " on");
        GcsRequest request = client.onBatch(task)
                .content(new ByteArrayContent("multipart/mixed; boundary=" + BOUNDARY, bodyOf(some)))
                .answeredBy(400, 404, 405, 501);
        try {
            Optional<Set<Integer>> done = client.send(request, Deletion::doneIn);
            for (int i = 0; i < some.size(); i++) {
                if (done.isEmpty() || !done.get().contains(i)) {
                    deleteOne(some.get(i));
                }
            }
            return done.isPresent();
        } catch (PitrException e) {
            fail(e);
            return true;
        }
    }

    private byte[] bodyOf(List<ObjectKey> some) {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < some.size(); i++) {
            String path = "/" + client.pathOf(names.of(some.get(i)));
            String payer = client.userProject();
            body.append("--" + BOUNDARY + "\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n")
                    .append("Content-ID: <")
                    .append(i)
                    .append(">\r\n\r\nDELETE ")
                    .append(path)
                    .append(payer == null ? "" : "?userProject=" + GcsRequest.encoded(payer))
                    .append(" HTTP/1.1\r\n\r\n\r\n");
        }
        return body.append("--" + BOUNDARY + "--\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The parts that need nothing more: deleted, or not there. Empty if the server has no batches. */
    private static Optional<Set<Integer>> doneIn(HttpResponse response) throws IOException {
        if (!response.isSuccessStatusCode()) {
            response.ignore();
            return Optional.empty();
        }
        String answer;
        try (InputStream body = response.getContent()) {
            answer = new String(body.readNBytes(MAX_ANSWER_BYTES), StandardCharsets.UTF_8);
        }
        Set<Integer> done = new LinkedHashSet<>();
        Matcher parts = PART.matcher(answer);
        boolean more = parts.find();
        while (more) {
            Integer part = Integer.valueOf(parts.group(1));
            String status = parts.group(2);
            int start = parts.end();
            more = parts.find();
            // That the bucket is missing, too, is a 404.
            String rest = answer.substring(start, more ? parts.start() : answer.length());
            if (status.equals("200") || status.equals("204") || (status.equals("404") && rest.contains(ABSENT))) {
                done.add(part);
            }
        }
        return Optional.of(done);
    }

    private void deleteOne(ObjectKey key) {
        Task task = Task.of("delete", key);
        try {
            client.send(client.onObject(task, "DELETE", names.of(key)).answeredBy(404), response -> {
                if (response.getStatusCode() == 404) {
                    new MissingObject(client).requireBucket(task, Failure.of(response));
                } else {
                    response.ignore();
                }
                return true;
            });
        } catch (PitrException e) {
            fail(e);
        }
    }

    private void fail(PitrException e) {
        if (e instanceof CancelledException) {
            throw e;
        }
        if (failure == null) {
            failure = e;
        } else if (failure.getSuppressed().length < BATCH) {
            failure.addSuppressed(e);
        }
    }

    static Set<ObjectKey> distinct(Iterable<ObjectKey> keys) {
        Set<ObjectKey> distinct = new LinkedHashSet<>();
        keys.forEach(distinct::add);
        return distinct;
    }
}
