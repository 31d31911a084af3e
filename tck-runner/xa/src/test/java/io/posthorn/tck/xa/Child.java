package io.posthorn.tck.xa;

import io.posthorn.testkit.process.Tether;
import io.posthorn.testkit.transaction.Coordinator;
import jakarta.jms.Message;
import jakarta.jms.XAConnection;
import jakarta.jms.XASession;
import jakarta.transaction.Transaction;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.transaction.xa.XAResource;

/** A JVM with a transaction manager that dies in the middle, or one that comes after it and cleans up. */
public final class Child {

    /** Exit status of a JVM that halted where it was told to. */
    static final int HALTED = 42;

    /** The server keeps for a lost client what it took ahead; others shall have that at once. */
    private static final String TAKES_NOTHING_AHEAD = "?prefetch=0";

    private static final int WAIT_MS = 30_000;
    private static final int LIFE_S = 120;

    private Child() {}

    /** What a child does. */
    enum Task {
        /** Dies when all resources are prepared and the first is being committed. */
        HALT_IN_COMMIT,
        /** Dies when one resource is prepared, and nothing decided. */
        HALT_IN_PREPARE,
        RECOVER
    }

    /** Runs a child to its end; returns its exit status. */
    static int run(Task task, Path store, String url, Path ledger, Path log) throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Dxa.store=" + store,
                        Tether.class.getName(),
                        Child.class.getName(),
                        task.name(),
                        url,
                        ledger.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        if (!process.waitFor(LIFE_S, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("Task " + task + " did not end within " + LIFE_S + " s; see " + log);
        }
        return process.exitValue();
    }

    public static void main(String[] args) throws Exception {
        Ledger ledger = new Ledger(Path.of(args[2]));
        Runnable halt = () -> Runtime.getRuntime().halt(HALTED);
        try (XAConnection connection = Node.connect(args[1] + TAKES_NOTHING_AHEAD)) {
            XASession session = connection.createXASession();
            switch (Task.valueOf(args[0])) {
                case HALT_IN_COMMIT -> work(session, ledger.beforeCommit(halt), ledger, session.getXAResource());
                case HALT_IN_PREPARE -> work(session, ledger.beforePrepare(halt), session.getXAResource(), ledger);
                case RECOVER -> Coordinator.OF_THIS_JVM.recover(session.getXAResource(), ledger);
            }
        }
        Runtime.getRuntime().exit(0);
    }

    private static void work(XASession session, Ledger ledger, XAResource first, XAResource second) throws Exception {
        Coordinator.OF_THIS_JVM.transactions().begin();
        Transaction transaction = Coordinator.OF_THIS_JVM.transactions().getTransaction();
        transaction.enlistResource(first);
        transaction.enlistResource(second);
        Message job = session.createConsumer(session.createQueue("in")).receive(WAIT_MS);
        String text = job.getBody(String.class);
        session.createProducer(session.createQueue("out")).send(session.createTextMessage(text + " done"));
        ledger.write(text);
        Coordinator.OF_THIS_JVM.transactions().commit();
    }
}
