// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker.seed;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/**
 * A file of records, UTF-8, one JSON object a line; empty lines and lines that begin with {@code #} are skipped:
 *
 * <pre>{@code
 * {"key": "EUR", "value": {"rate": 1.08}}
 * {"key": "USD", "value": "1", "headers": {"source": "seed"}, "partition": 0, "timestamp": "2026-03-01T12:00:00Z"}
 * {"key": "DEM", "value": null}
 * {"keyBase64": "AAE=", "valueBase64": "/w=="}
 * }</pre>
 *
 * <p>Read as a stream, so it may be large. Immutable; any thread.
 */
public final class RecordsFile {
    static final String EXPECTED = "expected is an object such as {\"key\": \"k\", \"value\": \"v\"} in each line";
    private static final int BUFFER_BYTES = 64 * 1024;

    private final String name;
    private final Source source;

    private RecordsFile(String name, Source source) {
        this.name = name;
        this.source = source;
    }

    @FunctionalInterface
    private interface Source {
        InputStream open() throws IOException;
    }

    /** A file of the file system; whether it is there shows when it is read. */
    public static RecordsFile of(Path path) {
        return new RecordsFile(path.toString(), () -> Files.newInputStream(path));
    }

    /**
     * The file of this name: a resource of the class loader, or a path of the file system, from the working directory
     * if it is relative. Empty when there is neither.
     */
    public static Optional<RecordsFile> find(String name, ClassLoader resources) {
        URL resource = resources.getResource(name);
        if (resource != null) {
            return Optional.of(new RecordsFile(name, () -> {
                URLConnection connection = resource.openConnection();
                connection.setUseCaches(false); // A cached jar would stay open for as long as the JVM lives.
                return connection.getInputStream();
            }));
        }
        return Optional.of(Path.of(name)).filter(Files::isRegularFile).map(RecordsFile::of);
    }

    /** As it was asked for; messages name it. */
    public String name() {
        return name;
    }

    /**
     * Tells one content from another: length and checksum. Reads the whole file.
     *
     * @throws RecordsFileException when the file cannot be read
     */
    public String fingerprint() {
        CRC32C checksum = new CRC32C();
        long length = 0;
        byte[] buffer = new byte[BUFFER_BYTES];
        try (InputStream in = source.open()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                checksum.update(buffer, 0, count);
                length += count;
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
        return length + "-" + Long.toHexString(checksum.getValue());
    }

    /**
     * Reads all records in order.
     *
     * @throws IllegalArgumentException when a line is not a record, or the taker throws one: with file and line before it
     * @throws RecordsFileException when the file cannot be read
     */
    void forEach(Consumer<SeedRecord> taker) {
        // A decoder of its own: a reader's would replace malformed input and go on.
        try (Reader reader = new InputStreamReader(source.open(), StandardCharsets.UTF_8.newDecoder())) {
            Lines lines = new Lines(reader, Lines.MAX_CHARS);
            forEach(lines, taker);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private void forEach(Lines lines, Consumer<SeedRecord> taker) throws IOException {
        StringBuilder line = new StringBuilder();
        try {
            while (lines.next(line)) {
                String text = line.toString().strip();
                if (!text.isEmpty() && text.charAt(0) != '#') {
                    taker.accept(SeedLine.parse(text, lines.number()));
                }
            }
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(at(lines.number() + 1) + "this or a later line is not UTF-8", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(at(lines.number()) + e.getMessage(), e);
        }
    }

    /** {@code file:line: }, as compilers write it. */
    private String at(int line) {
        return name + ":" + line + ": ";
    }

    private RecordsFileException unreadable(IOException failure) {
        return new RecordsFileException("The records file " + name + " cannot be read: " + failure, failure);
    }

    @Override
    public String toString() {
        return name;
    }
}
