package dev.pitr.storage;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a store is, in one line that fits a setting: {@code file:///DIR}, or
 * {@code SCHEME://BUCKET/PREFIX?OPTION=VALUE&OPTION=VALUE} for a scheme that a {@link StorageProvider} opens.
 *
 * <p>Characters other than letters, digits and {@code ._~/-} are written as {@code %HH}. A URL carries no credentials:
 * one that does is refused. Immutable.
 */
public final class StorageUrl {
    private static final String FILE = "file";

    private final String text;
    private final URI uri;
    private final Map<String, String> options;

    private StorageUrl(String text, URI uri, Map<String, String> options) {
        this.text = text;
        this.uri = uri;
        this.options = options;
    }

    /**
     * Reads a URL. Neither the store nor its provider is looked for yet.
     *
     * @param text the URL
     * @return its parts
     * @throws IllegalArgumentException if it isn't one; the message doesn't repeat what may be a password
     */
    public static StorageUrl parse(String text) {
        URI uri = uriOf(text);
        if (uri.getRawAuthority() != null && uri.getRawAuthority().indexOf('@') >= 0) {
            throw new IllegalArgumentException(
                    "Cannot use a storage URL with a user or password in it: a URL reaches logs"
                            + " and process lists. Give credentials as the store's own tools take them.");
        }
        boolean isHierarchical = uri.getScheme() != null && uri.getRawPath() != null && uri.getRawFragment() == null;
        if (!isHierarchical) {
            throw unusable(text, null);
        }
        return new StorageUrl(text, uri, options(text, uri.getRawQuery()));
    }

    private static URI uriOf(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            // The exception repeats its input, which may hold a password: not kept as the cause where it could.
            throw unusable(text.indexOf('@') >= 0 ? "the URL" : text, text.indexOf('@') >= 0 ? null : e);
        }
    }

    private static Map<String, String> options(String text, @Nullable String query) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String option : query == null ? new String[0] : query.split("&", -1)) {
            int equals = option.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "Cannot use \"" + text + "\": expected options as ?NAME=VALUE&NAME=VALUE");
            }
            String name = decoded(option.substring(0, equals));
            if (options.put(name, decoded(option.substring(equals + 1))) != null) {
                throw new IllegalArgumentException("Cannot use \"" + text + "\": option " + name + " is given twice");
            }
        }
        return Collections.unmodifiableMap(options);
    }

    private static String decoded(String part) {
        // A plus sign stands for itself, as everywhere in a URL but in forms.
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static IllegalArgumentException unusable(String text, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "Cannot use \"" + text + "\" as a storage URL: expected file:///DIR with an absolute path, or"
                        + " SCHEME://BUCKET/PREFIX?OPTION=VALUE, other characters than letters, digits and ._~/-"
                        + " written as %HH",
                cause);
    }

    /**
     * Returns the scheme.
     *
     * @return as written, such as {@code s3}
     */
    public String scheme() {
        return uri.getScheme();
    }

    /**
     * Returns the bucket: what stands between {@code //} and the next slash.
     *
     * @return the bucket
     * @throws IllegalArgumentException if there is none
     */
    public String bucket() {
        String bucket = uri.getRawAuthority();
        if (bucket == null) {
            throw unusable(text, null);
        }
        return bucket;
    }

    /**
     * Returns what the keys of all objects are put behind: the path without the slashes around it.
     *
     * @return empty for the whole bucket
     */
    public String prefix() {
        return uri.getPath().replaceAll("^/+|/+$", "");
    }

    /**
     * Returns an option.
     *
     * @param name its name
     * @return its value, if it is given
     */
    public Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    /**
     * Returns an option that is a yes or a no.
     *
     * @param name its name
     * @return its value; false if it isn't given
     * @throws IllegalArgumentException if it is neither {@code true} nor {@code false}
     */
    public boolean isOn(String name) {
        String value = options.getOrDefault(name, "false");
        if (!value.equals("true") && !value.equals("false")) {
            throw new IllegalArgumentException(
                    "Cannot use \"" + text + "\": option " + name + " is " + value + ", expected true or false");
        }
        return value.equals("true");
    }

    /**
     * Refuses options that a store doesn't know: a misspelled one must not be passed over.
     *
     * @param known all names
     * @throws IllegalArgumentException if another one is given
     */
    public void requireOptions(Collection<String> known) {
        for (String name : options.keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("Cannot use \"" + text + "\": no option " + name + " is known, only "
                        + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    /**
     * Opens the store.
     *
     * @return a store, to be closed by the caller
     * @throws IllegalArgumentException if the URL isn't right for its scheme
     * @throws StorageException with the code {@code storage.no-provider} if nothing opens its scheme, or if the store
     *     can't be opened
     */
    public ObjectStorage open() {
        return scheme().equals(FILE)
                ? FileSystemStorage.at(folder())
                : provider().open(this);
    }

    /**
     * Opens the store, first making its folder where that is missing; a bucket is never made. Right for opening a
     * repository for the first time, and only there: elsewhere a missing folder is a disk that isn't mounted.
     *
     * @return a store, to be closed by the caller
     * @throws IllegalArgumentException as {@link #open()}
     * @throws StorageException as {@link #open()}
     */
    public ObjectStorage create() {
        return scheme().equals(FILE)
                ? FileSystemStorage.create(folder())
                : provider().open(this);
    }

    private Path folder() {
        // Never a guess: file://backups would name a host, and leave the current folder as the path.
        if (uri.getRawAuthority() != null
                || uri.getRawQuery() != null
                || !uri.getPath().startsWith("/")) {
            throw unusable(text, null);
        }
        return Path.of(uri.getPath());
    }

    private StorageProvider provider() {
        // Threads of a pool may have no loader of their own; in a container, stores may lie in another one than this
        // class.
        return Stream.of(
                        StorageUrl.class.getClassLoader(),
                        Thread.currentThread().getContextClassLoader())
                .flatMap(loader -> ServiceLoader.load(StorageProvider.class, loader).stream())
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.scheme().equals(scheme()))
                .findFirst()
                .orElseThrow(() -> new StorageException(
                        "storage.no-provider",
                        "Cannot open " + text + ": nothing on the class path opens " + scheme() + "://. For s3:// add"
                                + " dev.pitr:pitr-s3, for gs:// dev.pitr:pitr-gcs.",
                        null));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof StorageUrl url && url.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** Returns the URL as it was given. */
    @Override
    public String toString() {
        return text;
    }
}
