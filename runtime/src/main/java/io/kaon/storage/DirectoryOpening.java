// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.storage.checkpoint.CleanShutdownMarker;
import io.kaon.storage.checkpoint.DirectoryLock;
import io.kaon.storage.checkpoint.Disk;
import io.kaon.storage.checkpoint.MetaProperties;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Takes a data directory into use: lock, identity, and how the life before ended. Blocks; used once. */
final class DirectoryOpening {
    private final LogDirectoryOptions options;
    private final StoragePorts ports;
    private final Path path;
    private MetaProperties properties;

    DirectoryOpening(LogDirectoryOptions options, StoragePorts ports) {
        this.options = options;
        this.ports = ports;
        this.path = options.path();
    }

    MetaProperties properties() {
        return properties;
    }

    DirectoryState take() {
        try {
            create();
            Optional<DirectoryLock> lock = DirectoryLock.take(ports.disk(), path);
            if (lock.isEmpty()) {
                throw new LogDirectoryException(
                        path, "is in use by another broker: its file " + DirectoryLock.FILE_NAME + " is locked.");
            }
            return takeLocked(lock.get());
        } catch (IOException failure) {
            throw unusable(failure);
        }
    }

    /** Makes the directory, if need be, in a way that it survives a loss of power: it is nobody else's to sync. */
    private void create() throws IOException {
        List<Path> parents = new ArrayList<>();
        Path missing = path.toAbsolutePath().normalize();
        while (missing.getParent() != null && ports.disk().size(missing) < 0) {
            missing = missing.getParent();
            parents.add(missing);
        }
        ports.disk().createDirectories(path);
        for (Path parent : parents) {
            ports.disk().syncDirectory(parent);
        }
        boolean isNew = MetaProperties.read(ports.disk(), path).isEmpty();
        if (isNew && parents.isEmpty() && missing.getParent() != null) {
            syncExisting(missing.getParent());
        }
    }

    /** An attempt that was killed may have made the directory. */
    private void syncExisting(Path parent) throws IOException {
        try {
            ports.disk().syncDirectory(parent);
        } catch (AccessDeniedException others) {
            // Who may not even look into the parent has not made the directory.
        }
    }

    private DirectoryState takeLocked(DirectoryLock lock) throws IOException {
        boolean isTaken = false;
        try {
            properties = identify();
            CleanShutdownMarker marker = CleanShutdownMarker.in(ports.disk(), path);
            OptionalLong cleanEpoch = marker.read();
            DirectoryState state = new DirectoryState(ports.disk(), path, lock, cleanEpoch);
            state.load();
            marker.remove();
            isTaken = true;
            return state;
        } finally {
            if (!isTaken) {
                lock.close();
            }
        }
    }

    private MetaProperties identify() throws IOException {
        Disk disk = ports.disk();
        Optional<MetaProperties> found = MetaProperties.read(disk, path);
        MetaProperties own = found.orElseGet(this::newIdentity);
        options.clusterId().filter(wanted -> !wanted.equals(own.clusterId())).ifPresent(wanted -> {
            throw new LogDirectoryException(
                    path, "belongs to the cluster " + own.clusterId() + ", not to " + wanted + ".");
        });
        if (own.nodeId() != options.nodeId()) {
            throw new LogDirectoryException(
                    path, "belongs to the broker with node id " + own.nodeId() + ", not to " + options.nodeId() + ".");
        }
        if (own.format() > MetaProperties.CURRENT_FORMAT) {
            throw new LogDirectoryException(
                    path,
                    "was written by a newer version: its format is " + own.format() + ", known is up to "
                            + MetaProperties.CURRENT_FORMAT + ".");
        }
        if (found.isEmpty() || own.format() != MetaProperties.CURRENT_FORMAT) {
            MetaProperties current =
                    new MetaProperties(own.clusterId(), own.nodeId(), own.directoryId(), MetaProperties.CURRENT_FORMAT);
            current.write(disk, path);
            return current;
        }
        return own;
    }

    private MetaProperties newIdentity() {
        return new MetaProperties(
                options.clusterId().orElseGet(() -> ports.ids().get().toString()),
                options.nodeId(),
                ports.ids().get(),
                MetaProperties.CURRENT_FORMAT);
    }

    LogDirectoryException unusable(IOException failure) {
        return new LogDirectoryException(path, "cannot be used: " + failure, failure);
    }
}
