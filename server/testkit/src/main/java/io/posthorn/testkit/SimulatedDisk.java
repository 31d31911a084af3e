package io.posthorn.testkit;

import io.posthorn.journal.JournalException;
import io.posthorn.journal.disk.LogFile;
import io.posthorn.journal.disk.LogFolder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A folder in memory that behaves as the worst disk that keeps its promises: what was synced stays; of what was not,
 * any
 * pages may be lost, kept or torn by sectors in a {@link #crash}, and any last changes of names. Faults are given by
 * the
 * test, operations are counted. May be used by any threads.
 */
public final class SimulatedDisk implements LogFolder {

    /** What can be counted and made to fail. */
    public enum Operation {
        CREATE,
        OPEN,
        READ,
        WRITE,
        SYNC,
        RENAME,
        DELETE,
        SYNC_FOLDER
    }

    /** Called before each operation; throws to make it fail. The name is empty for the folder. */
    @FunctionalInterface
    public interface Fault {
        void before(Operation operation, String name) throws IOException;
    }

    private final Random writeBack;
    private final Map<String, SimulatedFile> seen = new TreeMap<>();
    private final Map<String, SimulatedFile> durable = new TreeMap<>();
    private final List<Consumer<Map<String, SimulatedFile>>> unsyncedNames = new ArrayList<>();
    private final Map<Operation, Map<String, Integer>> counts = new EnumMap<>(Operation.class);
    private Fault fault = (operation, name) -> {};
    private boolean locked;
    private long freeBytes = Long.MAX_VALUE;

    /** An empty disk; it writes unsynced pages back by chance. */
    public SimulatedDisk(Random writeBack) {
        this.writeBack = writeBack;
    }

    /** What a power cut leaves. This disk must not be used any more. */
    public synchronized SimulatedDisk crash(Random random) {
        Map<String, SimulatedFile> names = new TreeMap<>(durable);
        int kept = random.nextInt(unsyncedNames.size() + 1);
        unsyncedNames.subList(0, kept).forEach(change -> change.accept(names));
        Map<SimulatedFile, SimulatedFile> left = new HashMap<>();
        SimulatedDisk disk = new SimulatedDisk(random);
        names.forEach(
                (name, file) -> disk.seen.put(name, left.computeIfAbsent(file, unsynced -> unsynced.crashed(random))));
        disk.durable.putAll(disk.seen);
        fault = (operation, name) -> {
            throw new IOException("the power is off");
        };
        return disk;
    }

    /**
     * The process ends and the system lives: everything written is still seen, and still unsynced. The
     * lock is free.
     */
    public synchronized void endProcess() {
        locked = false;
        fault = (operation, name) -> {};
    }

    public synchronized void failWith(Fault newFault) {
        fault = newFault;
    }

    /** How often an operation was asked for on files whose names begin so. */
    public synchronized int count(Operation operation, String namePrefix) {
        return counts.getOrDefault(operation, Map.of()).entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(namePrefix))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    public synchronized byte[] content(String name) {
        return seen.get(name).content();
    }

    /** Puts a file there, durably: for damage. */
    public synchronized void replace(String name, byte[] content) {
        SimulatedFile file = SimulatedFile.of(content);
        seen.put(name, file);
        durable.put(name, file);
    }

    /** How much is free as far as anybody is told; nothing takes from it. */
    public synchronized void freeBytes(long bytes) {
        freeBytes = bytes;
    }

    @Override
    public synchronized long freeBytes() {
        return freeBytes;
    }

    private void before(Operation operation, String name) throws IOException {
        counts.computeIfAbsent(operation, o -> new HashMap<>()).merge(name, 1, Integer::sum);
        fault.before(operation, name);
    }

    @Override
    public String place() {
        return "/simulated";
    }

    @Override
    public String place(String name) {
        return "/simulated/" + name;
    }

    @Override
    public synchronized List<String> names() {
        return List.copyOf(seen.keySet());
    }

    @Override
    public synchronized LogFile open(String name) throws IOException {
        before(Operation.OPEN, name);
        SimulatedFile file = seen.get(name);
        if (file == null) {
            throw new NoSuchFileException(place(name));
        }
        return new Handle(name, file);
    }

    @Override
    public synchronized LogFile create(String name) throws IOException {
        before(Operation.CREATE, name);
        SimulatedFile file = new SimulatedFile();
        change(names -> names.put(name, file));
        return new Handle(name, file);
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        before(Operation.RENAME, from);
        if (!seen.containsKey(from)) {
            throw new NoSuchFileException(place(from));
        }
        change(names -> {
            SimulatedFile file = names.remove(from);
            if (file != null) {
                names.put(to, file);
            }
        });
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        before(Operation.DELETE, name);
        change(names -> names.remove(name));
    }

    private void change(Consumer<Map<String, SimulatedFile>> change) {
        change.accept(seen);
        unsyncedNames.add(change);
    }

    @Override
    public synchronized void sync() throws IOException {
        before(Operation.SYNC_FOLDER, "");
        durable.clear();
        durable.putAll(seen);
        unsyncedNames.clear();
    }

    @Override
    public synchronized Closeable lock() throws JournalException {
        if (locked) {
            throw new JournalException(
                    JournalException.Kind.LOCKED, "The data folder /simulated is in use by this test");
        }
        locked = true;
        return this::endProcess;
    }

    private final class Handle implements LogFile {
        private final String name;
        private final SimulatedFile file;

        private Handle(String name, SimulatedFile file) {
            this.name = name;
            this.file = file;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (SimulatedDisk.this) {
                before(Operation.READ, name);
                byte[] bytes = new byte[target.remaining()];
                int count = file.read(bytes, 0, bytes.length, position);
                target.put(bytes, 0, count);
                return count;
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            synchronized (SimulatedDisk.this) {
                before(Operation.WRITE, name);
                byte[] bytes = new byte[source.remaining()];
                source.get(bytes);
                file.write(bytes, 0, bytes.length, Math.toIntExact(position), writeBack);
            }
        }

        @Override
        public void sync() throws IOException {
            synchronized (SimulatedDisk.this) {
                try {
                    before(Operation.SYNC, name);
                } catch (IOException e) {
                    file.failSync();
                    throw e;
                }
                file.sync();
            }
        }

        @Override
        public long length() {
            synchronized (SimulatedDisk.this) {
                return file.length();
            }
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
