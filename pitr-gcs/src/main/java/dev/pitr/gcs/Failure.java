package dev.pitr.gcs;

import com.google.api.client.http.HttpResponse;
import com.google.api.client.json.GenericJson;
import com.google.api.client.json.gson.GsonFactory;
import com.google.auth.Retryable;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * How one attempt at a request failed: an answer that says so, or no answer. Its words are safe to show: no address is
 * among them, since that of an upload session is as good as a key.
 */
final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    /** There was no answer. */
    static final int NO_ANSWER = 0;

    private static final int MAX_BODY_BYTES = 16_384;
    private static final int MAX_WORDS = 400;
    private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);
    private static final Set<String> THROTTLED = Set.of("rateLimitExceeded", "userRateLimitExceeded");
    private static final Pattern ADDRESS = Pattern.compile("https?://\\S+");
    private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x20-\\x7e]+");

    private final int status;
    private final String reason;
    private final String words;
    private final boolean passing;
    private final boolean mayHaveWorked;
    private final @Nullable Duration pause;

    private Failure(
            int status,
            String reason,
            String words,
            boolean passing,
            boolean mayHaveWorked,
            @Nullable Duration pause,
            @Nullable Exception cause) {
        super(words, cause);
        this.status = status;
        this.reason = reason;
        this.words = words;
        this.passing = passing;
        this.mayHaveWorked = mayHaveWorked;
        this.pause = pause;
    }

    /** No answer, or one that broke off; a request that wasn't sent whole has no effect. */
    static Failure of(IOException cause, boolean sentWhole) {
        String words = safe(cause.getClass().getSimpleName() + ": " + cause.getMessage());
        boolean passing = !isCredentials(cause) && !isDistrust(cause);
        return new Failure(NO_ANSWER, "", words, passing, sentWhole && !neverArrived(cause), null, cause);
    }

    /** Credentials that can't be used, or not any longer. Nothing was done. */
    static Failure ofCredentials(RuntimeException cause) {
        String words = safe(cause.getClass().getSimpleName() + ": " + cause.getMessage());
        return new Failure(NO_ANSWER, "", words, false, false, null, cause);
    }

    /** An answer that isn't a success. Reads what it says, and ends it. */
    static Failure of(HttpResponse response) throws IOException {
        int status = response.getStatusCode();
        String body = bodyOf(response);
        Optional<GenericJson> error = errorIn(body);
        String reason = error.map(Failure::reasonIn).orElse("");
        String words =
                error.map(json -> json.get("message")).map(Object::toString).orElse(body);
        boolean passing = PASSING.contains(status) || (status == 403 && THROTTLED.contains(reason));
        boolean mayHaveWorked = status >= 500 || status == 408;
        return new Failure(status, reason, safe(words), passing, mayHaveWorked, pauseIn(response), null);
    }

    private static String bodyOf(HttpResponse response) throws IOException {
        try (InputStream body = response.getContent()) {
            return body == null ? "" : new String(body.readNBytes(MAX_BODY_BYTES), StandardCharsets.UTF_8);
        }
    }

    private static Optional<GenericJson> errorIn(String body) {
        try {
            GenericJson json = GsonFactory.getDefaultInstance().fromString(body, GenericJson.class);
            return json != null && json.get("error") instanceof Map<?, ?> error
                    ? Optional.of(copy(error))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            // Media answers with plain text, and proxies with pages.
            return Optional.empty();
        }
    }

    private static GenericJson copy(Map<?, ?> fields) {
        GenericJson json = new GenericJson();
        fields.forEach((name, value) -> json.set(String.valueOf(name), value));
        return json;
    }

    private static String reasonIn(GenericJson error) {
        return error.get("errors") instanceof List<?> all && !all.isEmpty() && all.get(0) instanceof Map<?, ?> first
                ? String.valueOf(first.get("reason"))
                : "";
    }

    private static @Nullable Duration pauseIn(HttpResponse response) {
        String seconds = response.getHeaders().getRetryAfter();
        return seconds != null && seconds.matches("\\d{1,6}") ? Duration.ofSeconds(Long.parseLong(seconds)) : null;
    }

    private static String safe(String words) {
        String printable = UNPRINTABLE
                .matcher(ADDRESS.matcher(words).replaceAll("(address)"))
                .replaceAll(" ")
                .strip();
        if (printable.endsWith(".")) {
            return safe(printable.substring(0, printable.length() - 1));
        }
        return printable.length() <= MAX_WORDS ? printable : printable.substring(0, MAX_WORDS) + "...";
    }

    /** The connection never came about. */
    private static boolean neverArrived(IOException cause) {
        return cause instanceof ConnectException
                || cause instanceof NoRouteToHostException
                || cause instanceof UnknownHostException
                || cause instanceof SSLHandshakeException
                || isCredentials(cause);
    }

    private static boolean isCredentials(IOException cause) {
        return cause instanceof Retryable retryable && !retryable.isRetryable();
    }

    private static boolean isDistrust(IOException cause) {
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof CertificateException) {
                return true;
            }
        }
        return cause instanceof SSLException
                && String.valueOf(cause.getMessage()).contains("plaintext");
    }

    /** The status of the answer, or {@link #NO_ANSWER}. */
    int status() {
        return status;
    }

    /** The store's short word for it; empty if there is none. */
    String reason() {
        return reason;
    }

    boolean says(String part) {
        return words.contains(part);
    }

    boolean isRefusedCredentials() {
        return getCause() instanceof RuntimeException
                || (getCause() instanceof IOException cause && isCredentials(cause));
    }

    boolean isRefusedCertificate() {
        return getCause() instanceof IOException cause && isDistrust(cause);
    }

    /** Whether the same request may work later. */
    boolean isPassing() {
        return passing;
    }

    /** Whether the request may have taken effect all the same. */
    boolean mayHaveWorked() {
        return mayHaveWorked;
    }

    /** How long the store asks to wait, if it says so. */
    @Nullable
    Duration pause() {
        return pause;
    }

    /** What happened, in words for people. */
    String inWords() {
        if (status == NO_ANSWER) {
            return words;
        }
        return status + (reason.isEmpty() ? "" : " " + reason) + (words.isEmpty() ? "" : ": " + words);
    }
}
