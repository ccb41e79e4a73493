// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Addresses in answers, as the client that asks reaches them.
 *
 * @param base of the API, for example {@code http://localhost:8080/v3}
 * @param requestPath raw path of the request below the base
 * @param query of the request, decoded, without the page token
 */
public record Links(String base, String requestPath, Map<String, String> query) {
    public Links {
        query = new LinkedHashMap<>(query);
    }

    /**
     * The address of something.
     *
     * @param segments of its path, not encoded: {@code to("clusters", id, "topics", name)}
     */
    public String to(Object... segments) {
        StringBuilder url = new StringBuilder(base);
        for (Object segment : segments) {
            url.append('/').append(encoded(String.valueOf(segment)));
        }
        return url.toString();
    }

    /** The address of this request, without its page token. */
    public String self() {
        return base + requestPath + queryOf(query);
    }

    String next(String token) {
        Map<String, String> next = new LinkedHashMap<>(query);
        next.put("page_token", token);
        return base + requestPath + queryOf(next);
    }

    private static String queryOf(Map<String, String> query) {
        StringBuilder text = new StringBuilder();
        query.forEach((name, value) -> text.append(text.isEmpty() ? '?' : '&')
                .append(encoded(name))
                .append('=')
                .append(encoded(value)));
        return text.toString();
    }

    private static String encoded(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
