// SPDX-License-Identifier: Apache-2.0
package io.kaon.sim;

import io.kaon.exec.Clock;
import io.kaon.sim.DiskOperation.Kind;
import io.kaon.storage.checkpoint.Disk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * A disk in memory that loses power. It is as unkind as POSIX allows: what was not synced is kept, dropped or torn in
 * sectors of 512 bytes, each for itself; a file's size and its bytes are independent; a sync of a file covers its bytes
 * and its size, not its name; creations, renames and deletions happen or not, each for itself, until the folder is
 * synced. What was synced is never lost, and a rename is one step. One thread.
 */
public final class SimulatedDisk implements Disk {
    /** What happens before an operation: a test counts it, refuses it with an exception, or lets time go by. */
    @FunctionalInterface
    public interface Faults {
        void before(DiskOperation operation) throws IOException;
    }

    private final Clock clock;
    private final SimulatedFolder root = new SimulatedFolder();
    private Faults faults = operation -> {};
    private Random random = new Random(0);
    private long capacityBytes = Long.MAX_VALUE;
    private long changesUntilOff = Long.MAX_VALUE;
    private boolean isOff;
    private boolean hasStaleBlocks;
    private int life;
    private int openChannels;

    /** @param clock when files are modified */
    public SimulatedDisk(Clock clock) {
        this.clock = clock;
    }

    /** From now on, this happens before each operation. */
    public SimulatedDisk with(Faults newFaults) {
        faults = newFaults;
        return this;
    }

    /** Writes beyond this many bytes fail, after what still fits was written. */
    public void limitTo(long bytes) {
        capacityBytes = bytes;
    }

    /** Whether blocks that were never written may hold anything after a loss of power, as without an ordered journal. */
    public void showStaleBlocks(boolean shows) {
        hasStaleBlocks = shows;
    }

    /** The power goes off in the midst of a later operation that changes something; 0 for the next one. */
    public void powerOffAfter(long changes, Random source) {
        changesUntilOff = changes;
        random = source;
    }

    /** Whether the power has gone, and {@link #losePower} is to follow. */
    public boolean isOff() {
        return isOff;
    }

    /** What was not synced may be gone. The process is dead: its channels are closed. */
    public void losePower(Random source) {
        root.losePower(CrashMood.of(source), hasStaleBlocks);
        killProcess();
    }

    /** The process is dead, the machine is not: everything that was written is there. */
    public void killProcess() {
        life++;
        openChannels = 0;
        isOff = false;
        changesUntilOff = Long.MAX_VALUE;
    }

    /** Makes a folder that is there from the beginning. */
    public SimulatedDisk withFolder(Path directory) throws IOException {
        createDirectories(directory);
        for (Path parent = realPath(directory); parent != null; parent = parent.getParent()) {
            syncDirectory(parent);
        }
        return this;
    }

    /** Files that the present process has open. */
    public int openChannels() {
        return openChannels;
    }

    int life() {
        return life;
    }

    long nowMs() {
        return clock.wallMs();
    }

    void onClosed(int ofLife) {
        openChannels -= ofLife == life ? 1 : 0;
    }

    /** How many of the bytes may be written, if so many of them make the file longer. */
    int room(long growth, int bytes) throws IOException {
        if (growth == 0 || capacityBytes == Long.MAX_VALUE) {
            return bytes;
        }
        long missing = growth - (capacityBytes - root.sizeInBytes());
        if (missing >= bytes) {
            throw new IOException("No space left on device");
        }
        return bytes - (int) Math.max(0, missing);
    }

    /** One operation. When the power goes, it may have happened or not. */
    void perform(DiskOperation operation, Runnable effect) throws IOException {
        requirePower();
        faults.before(operation);
        if (operation.kind().changes() && changesUntilOff-- <= 0) {
            isOff = true;
            if (random.nextBoolean()) {
                effect.run();
            }
            throw new PowerLossException();
        }
        effect.run();
    }

    private void requirePower() throws IOException {
        if (isOff) {
            throw new PowerLossException();
        }
    }

    @Override
    public Path realPath(Path path) {
        return path.toAbsolutePath().normalize();
    }

    @Override
    public FileChannel open(Path path, OpenOption... options) throws IOException {
        Set<OpenOption> wanted = Set.of(options);
        SimulatedFolder folder = folderOf(path);
        Object found = folder.get(nameOf(path));
        boolean writes = wanted.contains(StandardOpenOption.WRITE);
        boolean creates = writes && wanted.contains(StandardOpenOption.CREATE);
        boolean createsNew = writes && wanted.contains(StandardOpenOption.CREATE_NEW);
        if (found == null && !creates && !createsNew) {
            requirePower();
            throw new NoSuchFileException(path.toString());
        }
        if (found != null && createsNew) {
            throw new FileAlreadyExistsException(path.toString());
        }
        if (found instanceof SimulatedFolder) {
            throw new IOException(path + " is a folder");
        }
        SimulatedFile file = found == null ? new SimulatedFile(nowMs()) : (SimulatedFile) found;
        boolean empties = writes && wanted.contains(StandardOpenOption.TRUNCATE_EXISTING) && file.size() > 0;
        Kind kind = found == null || empties ? Kind.OPEN : Kind.READ;
        perform(new DiskOperation(kind, path, 0), () -> {
            if (found == null) {
                folder.put(nameOf(path), file);
            } else if (empties) {
                file.truncate(0, nowMs());
            }
        });
        openChannels++;
        return new SimulatedChannel(this, path, file, !writes || wanted.contains(StandardOpenOption.READ), writes);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        SimulatedFolder folder = folderOf(from);
        if (folder != folderOf(to)) {
            throw new UnsupportedOperationException("from " + from + " to another folder: " + to);
        }
        if (folder.get(nameOf(from)) == null) {
            requirePower();
            throw new NoSuchFileException(from.toString());
        }
        perform(new DiskOperation(Kind.RENAME, from, 0), () -> folder.rename(nameOf(from), nameOf(to)));
    }

    @Override
    public void delete(Path path) throws IOException {
        Optional<SimulatedFolder> folder = find(path.toAbsolutePath().getParent());
        if (folder.isEmpty() || folder.get().get(nameOf(path)) == null) {
            requirePower();
            return;
        }
        if (folder.get().get(nameOf(path)) instanceof SimulatedFolder inner && !inner.isEmpty()) {
            throw new DirectoryNotEmptyException(path.toString());
        }
        perform(new DiskOperation(Kind.DELETE, path, 0), () -> folder.get().remove(nameOf(path)));
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        SimulatedFolder folder = root;
        for (Path name : realPath(directory)) {
            SimulatedFolder parent = folder;
            Object found = parent.get(name.toString());
            if (found == null) {
                perform(
                        new DiskOperation(Kind.CREATE_FOLDER, directory, 0),
                        () -> parent.put(name.toString(), new SimulatedFolder()));
                found = parent.get(name.toString());
            }
            if (!(found instanceof SimulatedFolder next)) {
                throw new FileAlreadyExistsException(directory.toString());
            }
            folder = next;
        }
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        SimulatedFolder folder = find(directory).orElseThrow(() -> new NoSuchFileException(directory.toString()));
        perform(new DiskOperation(Kind.SYNC_FOLDER, directory, 0), folder::sync);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        perform(new DiskOperation(Kind.LIST, directory, 0), () -> {});
        List<Path> found = new ArrayList<>();
        find(directory).ifPresent(folder -> folder.names().forEach(name -> found.add(directory.resolve(name))));
        Collections.shuffle(found, new Random(found.size()));
        return found;
    }

    @Override
    public long size(Path path) throws IOException {
        requirePower();
        return find(path).isPresent()
                ? 0
                : fileAt(path).map(file -> (long) file.size()).orElse(-1L);
    }

    @Override
    public long lastModifiedMs(Path path) throws IOException {
        requirePower();
        return fileAt(path)
                .orElseThrow(() -> new NoSuchFileException(path.toString()))
                .modifiedMs();
    }

    @Override
    public Space space(Path path) {
        long used = root.sizeInBytes();
        return new Space(capacityBytes, Math.max(0, capacityBytes - used));
    }

    private Optional<SimulatedFile> fileAt(Path path) {
        return find(path.toAbsolutePath().getParent())
                .map(folder -> folder.get(nameOf(path)))
                .filter(SimulatedFile.class::isInstance)
                .map(SimulatedFile.class::cast);
    }

    private SimulatedFolder folderOf(Path file) throws IOException {
        return find(file.toAbsolutePath().getParent()).orElseThrow(() -> new NoSuchFileException(file.toString()));
    }

    private Optional<SimulatedFolder> find(Path directory) {
        SimulatedFolder folder = root;
        for (Path name : realPath(directory)) {
            if (!(folder.get(name.toString()) instanceof SimulatedFolder next)) {
                return Optional.empty();
            }
            folder = next;
        }
        return Optional.of(folder);
    }

    private static String nameOf(Path path) {
        return path.getFileName().toString();
    }
}
