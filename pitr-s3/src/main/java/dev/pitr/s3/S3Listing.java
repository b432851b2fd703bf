package dev.pitr.s3;

import dev.pitr.storage.ObjectInfo;
import dev.pitr.storage.ObjectKey;
import dev.pitr.storage.StorageException;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Lists objects page by page, as they are asked for. */
final class S3Listing implements Iterator<ObjectInfo> {
    /** What a key can start with. */
    private static final Pattern STARTS_A_KEY = Pattern.compile("([A-Za-z0-9_-][A-Za-z0-9._-]*(/|$))*");

    private final S3Access access;
    private final String prefix;
    private final String from;
    private Iterator<S3Object> page = Collections.emptyIterator();
    private @Nullable String token;
    private boolean isLastPage;
    private String last = "";
    private @Nullable ObjectInfo next;

    S3Listing(S3Access access, String prefix, String from) {
        this.access = access;
        this.prefix = prefix;
        this.from = from;
        this.isLastPage = !STARTS_A_KEY.matcher(prefix).matches();
    }

    @Override
    public boolean hasNext() {
        while (next == null && (page.hasNext() || turnPage())) {
            if (page.hasNext()) {
                next = objectOf(page.next()).orElse(null);
            }
        }
        return next != null;
    }

    @Override
    public ObjectInfo next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        ObjectInfo found = next;
        next = null;
        return found;
    }

    private boolean turnPage() {
        if (isLastPage) {
            return false;
        }
        ListObjectsV2Request.Builder request = access.requests().list(prefix);
        if (token == null) {
            request.startAfter(before(from).map(access.place().prefix()::concat).orElse(null));
        } else {
            request.continuationToken(token);
        }
        ListObjectsV2Response answer =
                access.errors().call("list", describe(), () -> access.client().listObjectsV2(request.build()));
        requireProgress(answer);
        page = answer.contents().iterator();
        token = answer.nextContinuationToken();
        isLastPage = !Boolean.TRUE.equals(answer.isTruncated());
        return true;
    }

    private void requireProgress(ListObjectsV2Response answer) {
        boolean isTruncated = Boolean.TRUE.equals(answer.isTruncated());
        String next = answer.nextContinuationToken();
        if (isTruncated && (next == null || next.equals(token))) {
            throw broken("it says that more is to come, but not how to get it");
        }
    }

    /** Names that are no key of ours don't count, and stores order those that aren't ASCII in two ways. */
    private Optional<ObjectInfo> objectOf(S3Object object) {
        Optional<ObjectKey> key = access.place().keyOf(object.key());
        key.ifPresent(this::requireOrder);
        return key.filter(found -> found.value().compareTo(from) >= 0)
                .map(found -> new ObjectInfo(found, object.size(), object.lastModified()));
    }

    private void requireOrder(ObjectKey key) {
        if (key.value().compareTo(last) <= 0) {
            throw broken(key + " comes after " + last + ": it doesn't list in order");
        }
        last = key.value();
    }

    /**
     * The greatest name that is less than every key from {@code from} on, as far as keys go; stores start after a name,
     * not at one. Characters that no key has, and a store might choke on, are left out, with all that follows them.
     */
    private static Optional<String> before(String from) {
        int end = 0;
        while (end < from.length() && from.charAt(end) > '!' && from.charAt(end) < '~') {
            end++;
        }
        return end == 0
                ? Optional.empty()
                : Optional.of(from.substring(0, end - 1) + (char) (from.charAt(end - 1) - 1) + '~');
    }

    private String describe() {
        return prefix.isEmpty() ? "the objects" : "the objects under " + prefix;
    }

    private StorageException broken(String how) {
        return new StorageException(
                "storage.unsupported",
                "Cannot list " + describe() + " in " + access.place() + ": " + how
                        + ". The store can't hold a repository.",
                null);
    }
}
