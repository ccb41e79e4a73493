// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Keeps pages of other sites, which somebody's browser may show at the same time, away from the API. A name that an
 * attacker points to this machine (DNS rebinding) is not a name of ours; a form or script of another site tells its
 * {@code Origin} when it writes. Immutable.
 */
final class BrowserGuard {
    private static final int FORBIDDEN = 403;
    private static final int NOT_ALLOWED = 40301;
    private static final Pattern IP4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern PORT = Pattern.compile(":[0-9]*$");

    private final Set<String> hosts;

    BrowserGuard(Set<String> hosts) {
        this.hosts = hosts.stream().map(BrowserGuard::lower).collect(java.util.stream.Collectors.toUnmodifiableSet());
    }

    /**
     * @param authority host and port that the client used; null when it did not say
     * @param origin the header; null when there is none
     * @return why the request is refused; empty when it is not
     */
    Optional<Problem> refusal(String authority, String origin, boolean writes) {
        if (authority == null || !isOurs(hostOf(authority))) {
            return Optional.of(Problem.of(
                    FORBIDDEN,
                    NOT_ALLOWED,
                    "This API is not used under that host name. If the name is right, add it to"
                            + " quarkus.kaon.rest.hosts."));
        }
        if (writes && origin != null && !isSame(origin, authority)) {
            return Optional.of(Problem.of(
                    FORBIDDEN, NOT_ALLOWED, "A page of another site may not change anything here (header Origin)."));
        }
        return Optional.empty();
    }

    private boolean isOurs(String host) {
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || host.startsWith("[")
                || IP4.matcher(host).matches()
                || hosts.contains(host);
    }

    /** Behind a proxy that ends TLS the scheme is another one; host and port are what the browser used. */
    private static boolean isSame(String origin, String authority) {
        int scheme = origin.indexOf("://");
        return scheme > 0 && withoutStandardPort(origin.substring(scheme + 3)).equals(withoutStandardPort(authority));
    }

    private static String withoutStandardPort(String authority) {
        return lower(authority).replaceAll(":(80|443)$", "");
    }

    private static String hostOf(String authority) {
        return lower(PORT.matcher(authority).replaceFirst(""));
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
