package io.posthorn.tck.crashes;

import io.posthorn.jms.PosthornXAConnectionFactory;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import jakarta.jms.XAConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a role has around it in one life of its process. Units of work are numbered over all lives, each life in a range of its own.
 */
final class Scene {

    /** Set in the folder when senders are to end, and later takers. */
    static final String STOP_SENDERS = "stop-senders";

    static final String STOP_TAKERS = "stop-takers";
    static final int RECEIVE_MS = 200;
    private static final int BATCH_MAX = 8;
    private static final long CONNECT_NS = TimeUnit.SECONDS.toNanos(90);
    private static final int RETRY_MS = 100;
    private static final int LIFE_BITS = 32;

    private final Role role;
    private final String url;
    private final Path folder;
    private final int round;
    private final Diary diary;
    private final Random chance;
    private final long life;
    private final List<String> earlier;
    private long unitCount;

    Scene(Role role, String url, Path folder, int round, long seed) {
        this.role = role;
        this.url = url;
        this.folder = folder;
        this.round = round;
        Path file = folder.resolve(role.diary());
        earlier = Diary.read(file);
        diary = Diary.open(file);
        life = earlier.stream().filter(line -> line.equals("life")).count() + 1;
        chance = new Random(seed * 31 + role.ordinal() * 17L + life);
        diary.write("life");
    }

    String role() {
        return role.name();
    }

    Diary diary() {
        return diary;
    }

    /** What earlier lives wrote down. */
    List<String> earlier() {
        return earlier;
    }

    int round() {
        return round;
    }

    Random chance() {
        return chance;
    }

    boolean tosses(int oneOf) {
        return chance.nextInt(oneOf) == 0;
    }

    int batchSize() {
        return 1 + chance.nextInt(BATCH_MAX);
    }

    long nextUnit() {
        return life << LIFE_BITS | ++unitCount;
    }

    /** The last number that earlier lives may have sent. */
    long lastNumber() {
        long last = 0;
        for (String line : earlier) {
            String[] words = line.split(" ", -1);
            if (words[0].equals("send") || words[0].equals("stage")) {
                last = Long.parseLong(words[2]) + Long.parseLong(words[3]) - 1;
            }
        }
        return last;
    }

    boolean maySend() {
        return !Files.exists(folder.resolve(STOP_SENDERS));
    }

    boolean mayTake() {
        return !Files.exists(folder.resolve(STOP_TAKERS));
    }

    /** For a time that differs, so that a disk and two cores are enough for all. */
    void pause(int maxMs) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(chance.nextInt(maxMs)));
    }

    Message message(Session session, String producer, long number, long unit) throws JMSException {
        int length = chance.nextInt(100) == 0 ? 100_000 : chance.nextInt(1_000);
        Message message = session.createTextMessage("x".repeat(length));
        message.setIntProperty("round", round);
        message.setStringProperty("producer", producer);
        message.setLongProperty("number", number);
        message.setLongProperty("unit", unit);
        return message;
    }

    /** Opens what belongs to a connection. */
    interface Opening<T> {
        T open(XAConnection connection) throws JMSException;
    }

    /**
     * Connects, tells of the role where {@code isNamed}, opens, and starts. There may be no server just now, or one that has not noticed
     * the end of this role's last life.
     */
    <T> T open(boolean isNamed, Opening<T> opening) throws JMSException {
        long startNs = System.nanoTime();
        while (true) {
            XAConnection connection = null;
            try {
                connection = new PosthornXAConnectionFactory(url).createXAConnection();
                if (isNamed) {
                    connection.setClientID(role.name());
                }
                connection.setExceptionListener(e -> ClientProcess.fail(diary, "the connection is lost", e));
                T opened = opening.open(connection);
                connection.start();
                return opened;
            } catch (JMSException e) {
                close(connection);
                if (System.nanoTime() - startNs > CONNECT_NS) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(RETRY_MS));
            }
        }
    }

    private static void close(Connection connection) throws JMSException {
        if (connection != null) {
            connection.close();
        }
    }
}
