// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.console;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The files of the console: resources of the extension's jar, read once each. Any thread; the first reading of a file
 * blocks. There are some fifty of them, and names that are none are not kept.
 */
final class ConsoleFiles {
    static final String INDEX = "index.html";
    private static final String FOLDER = "kaon-console/";
    /** Nothing that could lead out of the folder: no empty part, and none that begins with a dot. */
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*");

    private static final Pattern INLINE_SCRIPT =
            Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);
    private static final int MAX_NAME_LENGTH = 100;
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml");

    private final ClassLoader loader;
    private final Map<String, ConsoleFile> read = new ConcurrentHashMap<>();

    ConsoleFiles(ClassLoader loader) {
        this.loader = loader;
    }

    /**
     * The file of this name, read now if it has to be.
     *
     * @param name relative to the page, for example {@code lit/lit/index.js}
     * @return empty if there is none, or if it is of no kind that a page is made of
     */
    Optional<ConsoleFile> find(String name) {
        ConsoleFile known = read.get(name);
        if (known != null) {
            return Optional.of(known);
        }
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        if (type == null
                || name.length() > MAX_NAME_LENGTH
                || !NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        try (InputStream in = loader.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                return Optional.empty();
            }
            byte[] content = in.readAllBytes();
            ConsoleFile file = new ConsoleFile(Buffer.buffer(content), type, '"' + hash(content) + '"');
            read.put(name, file);
            return Optional.of(file);
        } catch (IOException e) {
            throw new UncheckedIOException("The console's file " + name + " cannot be read from the class path", e);
        }
    }

    /** What a content security policy calls the one script that stands in the page itself: where to find Lit. */
    Optional<String> importMapHash() {
        return find(INDEX).map(index -> {
            Matcher script = INLINE_SCRIPT.matcher(index.content().toString());
            return script.find() ? "'sha256-" + hash(script.group(1).getBytes(StandardCharsets.UTF_8)) + "'" : "";
        });
    }

    private static String hash(byte[] content) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
