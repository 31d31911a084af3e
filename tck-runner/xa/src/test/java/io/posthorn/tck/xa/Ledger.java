package io.posthorn.tck.xa;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/**
 * The other resource of a global transaction: one line per branch, in a file that outlives the process. The file's first line is
 * the branch, its name ends with {@code .prepared} or {@code .committed}. Tests hook in before the steps that matter.
 */
final class Ledger implements XAResource {

    private static final String PREPARED = ".prepared";
    private static final String COMMITTED = ".committed";

    private final Path folder;
    private final Map<BranchXid, String> work = new HashMap<>();
    private BranchXid current;
    private Runnable beforePrepare = () -> {};
    private Runnable beforeCommit = () -> {};

    Ledger(Path folder) {
        this.folder = folder;
    }

    Ledger beforePrepare(Runnable hook) {
        beforePrepare = hook;
        return this;
    }

    Ledger beforeCommit(Runnable hook) {
        beforeCommit = hook;
        return this;
    }

    /** Writes in the branch that is associated now. */
    void write(String line) {
        work.put(current, line);
    }

    /** What is committed, in the order of the alphabet. */
    List<String> lines() {
        return files(COMMITTED).stream().map(file -> read(file).get(1)).sorted().toList();
    }

    @Override
    public void start(Xid xid, int flags) {
        current = BranchXid.of(xid);
        work.putIfAbsent(current, "");
    }

    @Override
    public void end(Xid xid, int flags) {
        current = null;
    }

    @Override
    public int prepare(Xid xid) throws XAException {
        beforePrepare.run();
        store(xid, PREPARED);
        return XA_OK;
    }

    @Override
    public void commit(Xid xid, boolean onePhase) throws XAException {
        beforeCommit.run();
        if (onePhase) {
            store(xid, COMMITTED);
            return;
        }
        Path prepared = find(xid, PREPARED);
        if (prepared != null) {
            move(prepared);
        } else if (find(xid, COMMITTED) == null) {
            throw new XAException(XAException.XAER_NOTA);
        }
    }

    @Override
    public void rollback(Xid xid) throws XAException {
        work.remove(BranchXid.of(xid));
        Path prepared = find(xid, PREPARED);
        if (prepared != null) {
            try {
                Files.delete(prepared);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void forget(Xid xid) throws XAException {
        throw new XAException(XAException.XAER_NOTA);
    }

    @Override
    public Xid[] recover(int flags) {
        if ((flags & TMSTARTRSCAN) == 0) {
            return new Xid[0];
        }
        return files(PREPARED).stream()
                .map(file -> BranchXid.parse(read(file).get(0)))
                .toArray(Xid[]::new);
    }

    @Override
    public boolean isSameRM(XAResource other) {
        return other instanceof Ledger that && that.folder.equals(folder);
    }

    @Override
    public boolean setTransactionTimeout(int seconds) {
        return false;
    }

    @Override
    public int getTransactionTimeout() {
        return 0;
    }

    private void store(Xid xid, String suffix) throws XAException {
        BranchXid branch = BranchXid.of(xid);
        String line = work.remove(branch);
        if (line == null) {
            throw new XAException(XAException.XAER_NOTA);
        }
        try {
            Files.createDirectories(folder);
            Files.writeString(
                    folder.resolve(UUID.randomUUID() + suffix),
                    branch + "\n" + line + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.DSYNC);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void move(Path prepared) {
        String name = prepared.getFileName().toString();
        try {
            Files.move(prepared, folder.resolve(name.replace(PREPARED, COMMITTED)), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path find(Xid xid, String suffix) {
        String branch = BranchXid.of(xid).toString();
        return files(suffix).stream()
                .filter(file -> read(file).get(0).equals(branch))
                .findFirst()
                .orElse(null);
    }

    private List<Path> files(String suffix) {
        if (!Files.isDirectory(folder)) {
            return new ArrayList<>();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(suffix)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
