package dev.pitr.gcs;

import com.google.api.client.http.HttpContent;
import com.google.api.client.http.HttpRequestFactory;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.json.JsonHttpContent;
import com.google.api.client.json.JsonObjectParser;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.gax.retrying.RetrySettings;
import com.google.api.gax.rpc.ApiException;
import com.google.cloud.http.HttpTransportOptions;
import com.google.cloud.storage.StorageOptions;
import dev.pitr.error.PitrException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Speaks the store's JSON API with the transport, the credentials, the headers and the retry settings of a client.
 *
 * <p>Not through the client's own methods: they don't tell an attempt that surely failed from one that may have worked,
 * read on without end where a connection breaks at the same byte each time, and can't cancel an upload.
 */
final class GcsClient {
    private static final GsonFactory JSON = GsonFactory.getDefaultInstance();

    private final HttpRequestFactory requests;
    private final JsonObjectParser parser = new JsonObjectParser(JSON);
    private final RetrySettings settings;
    private final String root;
    private final String bucket;
    private final @Nullable String userProject;
    private final GcsErrors errors;

    GcsClient(StorageOptions options, String bucket, @Nullable String userProject, GcsErrors errors) {
        HttpTransportOptions http = (HttpTransportOptions) options.getTransportOptions();
        this.requests =
                http.getHttpTransportFactory().create().createRequestFactory(http.getHttpRequestInitializer(options));
        this.settings = options.getRetrySettings();
        this.root = rootOf(options);
        this.bucket = bucket;
        this.userProject = userProject;
        this.errors = errors;
    }

    private static String rootOf(StorageOptions options) {
        String host = options.getResolvedApiaryHost("storage");
        return host.endsWith("/") ? host : host + "/";
    }

    /** Reads an answer, and ends it. */
    @FunctionalInterface
    interface Answer<T> {
        T read(HttpResponse response) throws IOException;
    }

    /** Reads an answer as JSON. */
    static <T> Answer<T> json(Class<T> type) {
        return response -> {
            T value = response.parseAs(type);
            if (value == null) {
                throw new IOException("the answer is empty");
            }
            return value;
        };
    }

    static HttpContent json(Object value) {
        return new JsonHttpContent(JSON, value);
    }

    /** A request about the bucket itself. */
    GcsRequest onBucket(Task task, String method) {
        return paid(GcsRequest.to(task, method, root + "storage/v1/b/" + bucket));
    }

    /** A request about all objects. */
    GcsRequest onObjects(Task task, String method) {
        return paid(GcsRequest.to(task, method, root + "storage/v1/b/" + bucket + "/o"));
    }

    /** A request about one object, whose name is a key. */
    GcsRequest onObject(Task task, String method, String name) {
        return paid(GcsRequest.to(task, method, root + pathOf(name)));
    }

    /** The path of an object, without a slash before it. */
    String pathOf(String name) {
        return "storage/v1/b/" + bucket + "/o/" + GcsRequest.encoded(name);
    }

    /** A request that sends an object's bytes, or begins to. */
    GcsRequest onUpload(Task task, String type) {
        return paid(GcsRequest.to(task, "POST", root + "upload/storage/v1/b/" + bucket + "/o"))
                .query("uploadType", type);
    }

    /** A request for an object's bytes. */
    GcsRequest onMedia(Task task, String name) {
        return paid(GcsRequest.to(task, "GET", root + "download/" + pathOf(name)))
                .query("alt", "media")
                .media();
    }

    /** Many requests in one. */
    GcsRequest onBatch(Task task) {
        return GcsRequest.to(task, "POST", root + "batch/storage/v1");
    }

    /** Adds who pays, where that isn't the bucket's owner. */
    GcsRequest paid(GcsRequest request) {
        return userProject == null ? request : request.query("userProject", userProject);
    }

    @Nullable
    String userProject() {
        return userProject;
    }

    Retry retry() {
        return new Retry(settings);
    }

    GcsErrors errors() {
        return errors;
    }

    /**
     * Sends a request as often as it takes.
     *
     * @throws dev.pitr.storage.UnknownOutcomeException if it was a changing one that failed, and an attempt may have
     *     worked
     */
    <T> T send(GcsRequest request, Answer<T> answer) {
        return send(request, answer, retry());
    }

    <T> T send(GcsRequest request, Answer<T> answer, Retry retry) {
        boolean doubtful = false;
        requireNotInterrupted(request.task());
        while (true) {
            try {
                return attempt(request, answer);
            } catch (Failure failure) {
                doubtful |= request.isChanging() && failure.mayHaveWorked();
                pauseOrThrow(request.task(), failure, retry, doubtful);
            }
        }
    }

    /** Sends a request once. */
    <T> T attempt(GcsRequest request, Answer<T> answer) throws Failure {
        try {
            HttpResponse response = request.build(requests, parser).execute();
            boolean read = false;
            try {
                if (!response.isSuccessStatusCode() && !request.isAnsweredBy(response.getStatusCode())) {
                    throw Failure.of(response);
                }
                T result = answer.read(response);
                read = true;
                return result;
            } finally {
                if (!read) {
                    response.disconnect();
                }
            }
        } catch (IOException e) {
            throw Failure.of(e, request.wasSentWhole());
        } catch (IllegalStateException | ApiException e) {
            // What credentials throw that can't be renewed, or belong to another cloud.
            throw Failure.ofCredentials(e);
        } catch (IllegalArgumentException e) {
            // What the parser throws over an answer that broke off.
            throw Failure.of(new IOException("the answer can't be read", e), request.wasSentWhole());
        }
    }

    /** Returns if the attempt that failed is to be repeated. */
    void pauseOrThrow(Task task, Failure failure, Retry retry, boolean doubtful) {
        boolean again;
        try {
            again = failure.isPassing() && retry.next(failure.pause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw doubtful ? doubt(task, failure) : errors.cancelled(task);
        }
        if (!again) {
            throw doubtful ? doubt(task, failure) : errors.of(task, failure);
        }
    }

    private PitrException doubt(Task task, Failure failure) {
        return errors.unknownOutcome(task, failure.inWords(), failure);
    }

    void requireNotInterrupted(Task task) {
        if (Thread.currentThread().isInterrupted()) {
            throw errors.cancelled(task);
        }
    }
}
