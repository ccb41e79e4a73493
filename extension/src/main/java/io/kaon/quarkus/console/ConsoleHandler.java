// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.console;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Serves the files of the console. They hold no data: what they show they ask for, as whoever looks at them. */
final class ConsoleHandler implements Handler<RoutingContext> {
    /** Beneath the root path of the application. */
    static final String PAGE = "/kaon";

    private static final int FOUND = 302;
    private static final int NOT_MODIFIED = 304;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    /** Nothing but what this server serves, and no markup but what Lit's templates hold. */
    private static final String POLICY = "default-src 'none'; script-src 'self' %s; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
            + " require-trusted-types-for 'script'; trusted-types lit-html";

    private final String folder;
    private final ConsoleFiles files;

    /** @param rootPath of the application, without a slash at its end */
    ConsoleHandler(String rootPath, ConsoleFiles files) {
        this.folder = rootPath + PAGE + "/";
        this.files = files;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpMethod method = context.request().method();
        if (method != HttpMethod.GET && method != HttpMethod.HEAD) {
            context.response().setStatusCode(METHOD_NOT_ALLOWED).end();
            return;
        }
        String path = context.normalizedPath();
        if (!path.startsWith(folder)) {
            context.response()
                    .setStatusCode(FOUND)
                    .putHeader(HttpHeaders.LOCATION, folder)
                    .end();
            return;
        }
        String name = path.length() == folder.length() ? ConsoleFiles.INDEX : path.substring(folder.length());
        context.vertx()
                .executeBlocking(() -> answer(name), false)
                .onSuccess(answer -> send(context, answer))
                .onFailure(context::fail);
    }

    /**
     * What goes out.
     *
     * @param policy of the page; empty for what it is made of
     */
    private record Found(Optional<ConsoleFile> file, Optional<String> policy) {}

    private Found answer(String name) {
        Optional<String> policy =
                name.equals(ConsoleFiles.INDEX) ? files.importMapHash().map(POLICY::formatted) : Optional.empty();
        return new Found(files.find(name), policy);
    }

    private static void send(RoutingContext context, Found found) {
        HttpServerResponse response = context.response();
        response.putHeader("X-Content-Type-Options", "nosniff").putHeader("Referrer-Policy", "no-referrer");
        if (found.file().isEmpty()) {
            response.setStatusCode(NOT_FOUND).end();
            return;
        }
        ConsoleFile file = found.file().get();
        found.policy().ifPresent(policy -> response.putHeader("Content-Security-Policy", policy));
        // Asked for each time, sent only when it is another one: a new version shows at once.
        response.putHeader(HttpHeaders.CACHE_CONTROL, "no-cache").putHeader(HttpHeaders.ETAG, file.tag());
        if (file.tag().equals(context.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
            response.setStatusCode(NOT_MODIFIED).end();
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, file.type());
        if (context.request().method() == HttpMethod.HEAD) {
            response.putHeader(
                            HttpHeaders.CONTENT_LENGTH,
                            String.valueOf(file.content().length()))
                    .end();
        } else {
            response.end(file.content());
        }
    }
}
