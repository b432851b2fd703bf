package dev.pitr.gcs;

import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpContent;
import com.google.api.client.http.HttpHeaders;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestFactory;
import com.google.api.client.util.ObjectParser;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One request, which can be sent any number of times. */
final class GcsRequest {
    private final Task task;
    private final String method;
    private final StringBuilder address;
    private final HttpHeaders headers = new HttpHeaders();
    private final Set<Integer> answers = new HashSet<>();
    private @Nullable SentContent content;
    private boolean changing;
    private boolean media;

    private GcsRequest(Task task, String method, String address) {
        this.task = task;
        this.method = method;
        this.address = new StringBuilder(address);
    }

    static GcsRequest to(Task task, String method, String address) {
        return new GcsRequest(task, method, address);
    }

    GcsRequest query(String name, Object value) {
        address.append(address.indexOf("?") < 0 ? '?' : '&')
                .append(name)
                .append('=')
                .append(encoded(value.toString()));
        return this;
    }

    /** A key or other words, as one component of an address. */
    static String encoded(String words) {
        return URLEncoder.encode(words, StandardCharsets.UTF_8).replace("+", "%20");
    }

    GcsRequest header(String name, String value) {
        headers.set(name, value);
        return this;
    }

    /** Which bytes of an object are wanted, such as {@code bytes=0-9}. */
    GcsRequest range(String range) {
        headers.setRange(range);
        return this;
    }

    /** Which bytes of an object this sends, such as {@code bytes 0-9/10}. */
    GcsRequest contentRange(String range) {
        headers.setContentRange(range);
        return this;
    }

    GcsRequest content(HttpContent body) {
        this.content = new SentContent(body);
        return this;
    }

    /** Asks for the bytes of an object, as they are stored. */
    GcsRequest media() {
        media = true;
        return this;
    }

    /** Statuses that answer the question, besides the successful ones. */
    GcsRequest answeredBy(int... statuses) {
        for (int status : statuses) {
            answers.add(status);
        }
        return this;
    }

    /** Marks a request of which it matters whether it took effect. */
    GcsRequest changing() {
        changing = true;
        return this;
    }

    boolean isChanging() {
        return changing;
    }

    boolean isAnsweredBy(int status) {
        return answers.contains(status);
    }

    Task task() {
        return task;
    }

    /** Whether all of it left this process when it was last tried. The store does nothing about a part. */
    boolean wasSentWhole() {
        return content == null || content.whole;
    }

    HttpRequest build(HttpRequestFactory factory, ObjectParser parser) throws IOException {
        HttpRequest request = factory.buildRequest(method, new GenericUrl(address.toString(), true), content);
        request.getHeaders().putAll(headers);
        return request.setParser(parser)
                .setThrowExceptionOnExecuteError(false)
                .setFollowRedirects(false)
                .setResponseReturnRawInputStream(media);
    }

    /** Content that knows whether it was sent to its end. */
    private static final class SentContent implements HttpContent {
        private final HttpContent content;
        private boolean whole;

        SentContent(HttpContent content) {
            this.content = content;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            whole = false;
            content.writeTo(out);
            whole = true;
        }

        @Override
        public long getLength() throws IOException {
            return content.getLength();
        }

        @Override
        public @Nullable String getType() {
            return content.getType();
        }

        @Override
        public boolean retrySupported() {
            return content.retrySupported();
        }
    }
}
