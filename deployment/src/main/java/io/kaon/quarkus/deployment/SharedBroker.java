// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * Settles which of several applications in dev mode runs the broker that they share. The one that holds the lock on a
 * file does: the operating system gives it to one process at a time, and takes it back when that process ends, however it
 * ends. Beside it lies the address, which is believed only after a connection to it. Lives as long as one dev mode
 * session; used by the thread that builds the application.
 */
final class SharedBroker implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(SharedBroker.class);
    private static final String ADDRESS = "address";
    private static final String PID = "pid";
    private static final String STARTED = "started";
    private static final int CONNECT_MS = 1_000;
    private static final long POLL_MS = 100;

    private final String serviceName;
    private final Path lockFile;
    private final Path registration;
    private final Duration patience;
    private Optional<FileChannel> owned = Optional.empty();
    private Optional<String> joined = Optional.empty();
    /** It has waited in vain: its reloads look again, but wait no more. */
    private boolean isAlone;

    /**
     * @param folder where applications of this user find each other
     * @param patience how long to wait for a broker whose application is still starting
     */
    SharedBroker(Path folder, String serviceName, Duration patience) {
        this.serviceName = serviceName;
        this.lockFile = folder.resolve(serviceName + ".lock");
        this.registration = folder.resolve(serviceName + ".properties");
        this.patience = patience;
    }

    /** The folder of this user on this machine. */
    static Path userFolder() {
        return Path.of(System.getProperty("java.io.tmpdir"), "kaon-devservices-" + System.getProperty("user.name"));
    }

    /**
     * The address of the broker that another application runs; empty when this one is to run it, at its own address.
     * May wait for an application that has just been started.
     */
    Optional<String> join() {
        if (owned.isPresent()) {
            return Optional.empty();
        }
        long startNs = System.nanoTime();
        boolean waits = false;
        do {
            if (tryToOwn()) {
                joined.ifPresent(address -> LOG.warnf(
                        "The application that ran the shared broker at %s has ended, and its topics with it:"
                                + " this one starts a broker",
                        address));
                return Optional.empty();
            }
            Properties other = registered();
            Optional<String> address = Optional.ofNullable(other.getProperty(ADDRESS));
            if (address.filter(SharedBroker::isListening).isPresent()) {
                say(address.get(), other);
                return joined;
            }
            if (!waits && !isAlone) {
                waits = true;
                LOG.infof(
                        "Waits up to %d s for the application with pid %s, which runs the shared broker '%s'",
                        patience.toSeconds(), other.getProperty(PID, "unknown"), serviceName);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MS));
        } while (!isAlone && System.nanoTime() - startNs < patience.toNanos());
        if (!isAlone) {
            isAlone = true;
            LOG.warnf(
                    "The application that runs the shared broker '%s' (pid %s) does not listen: this one starts a broker"
                            + " of its own, which is not shared",
                    serviceName, registered().getProperty(PID, "unknown"));
        }
        return Optional.empty();
    }

    private void say(String address, Properties other) {
        if (!joined.equals(Optional.of(address))) {
            LOG.infof(
                    "Uses the shared broker '%s' at %s, which the application with pid %s runs since %s",
                    serviceName, address, other.getProperty(PID), other.getProperty(STARTED));
            isAlone = false;
            joined = Optional.of(address);
        }
    }

    /** The address at which a broker was joined that is to be taken over. */
    Optional<String> predecessor() {
        return owned.isPresent() ? joined : Optional.empty();
    }

    /** Tells the others where the broker of this application listens, or will soon; not if another one runs it. */
    void register(String address) {
        if (owned.isEmpty()) {
            return;
        }
        Properties own = new Properties();
        own.setProperty(ADDRESS, address);
        own.setProperty(PID, Long.toString(ProcessHandle.current().pid()));
        own.setProperty(STARTED, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        Path draft = registration.resolveSibling(serviceName + ".new");
        try (Writer writer = Files.newBufferedWriter(draft)) {
            own.store(writer, "The broker that applications in dev mode share");
            writer.flush();
            Files.move(draft, registration, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private Properties registered() {
        Properties found = new Properties();
        try (Reader reader = Files.newBufferedReader(registration)) {
            found.load(reader);
        } catch (IOException absent) {
            LOG.tracef(absent, "Nobody has registered at %s", registration);
        }
        return found;
    }

    private boolean tryToOwn() {
        FileChannel channel = null;
        try {
            Files.createDirectories(lockFile.getParent());
            channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() != null) {
                owned = Optional.of(channel);
                Files.deleteIfExists(registration); // Whoever wrote it has ended.
                return true;
            }
        } catch (OverlappingFileLockException heldInThisProcess) {
            LOG.tracef(heldInThisProcess, "An application in this process runs the shared broker");
        } catch (IOException e) {
            throw unusable(e);
        } finally {
            if (owned.isEmpty()) {
                closeQuietly(channel);
            }
        }
        return false;
    }

    private UncheckedIOException unusable(IOException cause) {
        return new UncheckedIOException(
                "quarkus.kaon.devservices.shared: applications cannot find each other in " + lockFile.getParent() + ": "
                        + cause.getMessage(),
                cause);
    }

    private static boolean isListening(String address) {
        int colon = address.lastIndexOf(':');
        String host = address.substring(0, colon).replaceAll("[\\[\\]]", "");
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1))), CONNECT_MS);
            return true;
        } catch (IOException refused) {
            return false;
        }
    }

    /** Gives the broker up: the next application that looks for one runs it. Idempotent. */
    @Override
    public void close() {
        if (owned.isPresent()) {
            try {
                Files.deleteIfExists(registration);
            } catch (IOException e) {
                LOG.debugf(e, "%s stays behind", registration);
            }
        }
        owned.ifPresent(SharedBroker::closeQuietly);
        owned = Optional.empty();
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.debugf(e, "A lock file could not be closed");
        }
    }
}
