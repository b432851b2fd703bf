package dev.pitr.testkit;

import java.net.URI;

/**
 * One request that came to an {@link HttpFaultProxy}, the repeated attempts of a client counted each.
 *
 * @param method such as {@code PUT}
 * @param target path and query as they were sent
 */
public record ProxiedRequest(String method, String target) {
    /**
     * Returns the path alone.
     *
     * @return the target up to its query, as it was sent
     */
    public String path() {
        return URI.create(target).getRawPath();
    }

    /**
     * Returns the query alone.
     *
     * @return what follows the question mark, as it was sent; empty if there is none
     */
    public String query() {
        String query = URI.create(target).getRawQuery();
        return query == null ? "" : query;
    }

    @Override
    public String toString() {
        return method + " " + target;
    }
}
