package io.posthorn.server.endtoend;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A disk of its own, in a file: a real file system on a real block device, which can be made to hang and to die. Needs the
 * right to mount. Not thread-safe.
 */
final class LoopDisk {

    private static final long BYTES = 96 << 20;

    /** What is left of a disk that died: all that lies behind is an input/output error. */
    private static final long BYTES_LEFT = 1 << 20;

    private final Path mount;
    private final Path copy;
    private Path file;
    private String device;
    private boolean frozen;

    private LoopDisk(Path folder, Path mount) {
        this.mount = mount;
        this.file = folder.resolve("disk");
        this.copy = folder.resolve("copy");
    }

    /** A disk that is mounted there; empty when this user may not, or the tools are missing. */
    static Optional<LoopDisk> at(Path folder, Path mount) throws IOException, InterruptedException {
        LoopDisk disk = new LoopDisk(folder, mount);
        Files.createDirectories(mount);
        try (RandomAccessFile made = new RandomAccessFile(disk.file.toFile(), "rw")) {
            made.setLength(BYTES);
        }
        boolean formatted = run("mkfs.ext4", "-q", "-O", "^has_journal", "-m", "0", disk.file.toString()) != null;
        return formatted && disk.attach() ? Optional.of(disk) : Optional.empty();
    }

    private boolean attach() throws IOException, InterruptedException {
        device = run("losetup", "-f", "--show", file.toString());
        return device != null && run("mount", device, mount.toString()) != null;
    }

    /** From now on whatever is written fails with an input/output error when it is synced. */
    void die() throws IOException, InterruptedException {
        require("sync", "-f", mount.toString());
        require("cp", "--sparse=always", file.toString(), copy.toString());
        try (RandomAccessFile shrunk = new RandomAccessFile(file.toFile(), "rw")) {
            shrunk.setLength(BYTES_LEFT);
        }
        require("losetup", "-c", device);
    }

    /** Puts a disk in the place of the one that died, with all that was on it then. Nobody may use it at the moment. */
    void replace() throws IOException, InterruptedException {
        require("umount", mount.toString());
        require("losetup", "-d", device);
        file = copy;
        if (!attach()) {
            throw new IOException("cannot mount the copy of the disk");
        }
    }

    /** Whoever writes waits until {@link #thaw}. */
    void freeze() throws IOException, InterruptedException {
        require("fsfreeze", "-f", mount.toString());
        frozen = true;
    }

    /** Nothing when it is not frozen. */
    void thaw() throws IOException, InterruptedException {
        if (frozen) {
            frozen = false;
            require("fsfreeze", "-u", mount.toString());
        }
    }

    /** Gives it up. Its files stay. */
    void unmount() throws IOException, InterruptedException {
        thaw();
        require("umount", "-l", mount.toString());
        require("losetup", "-d", device);
    }

    private static void require(String... command) throws IOException, InterruptedException {
        if (run(command) == null) {
            throw new IOException("failed: " + String.join(" ", command));
        }
    }

    /** What the command wrote; null when it failed, or is not there. */
    private static String run(String... command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0 ? said : null;
        } catch (IOException notThere) {
            return null;
        }
    }
}
