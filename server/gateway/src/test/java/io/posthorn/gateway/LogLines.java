package io.posthorn.gateway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** Listens to the log, INFO and above. */
final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    /** Guarded by itself, for those who wait. */
    private final List<String> lines = new ArrayList<>();

    private final Logger root = (Logger) LoggerFactory.getLogger("io.posthorn");

    LogLines() {
        setContext(root.getLoggerContext());
        start();
        root.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent event) {
        if (event.getLevel().isGreaterOrEqual(Level.INFO)) {
            synchronized (lines) {
                lines.add(event.getLevel() + " " + event.getFormattedMessage());
                lines.notifyAll();
            }
        }
    }

    /** All lines so far. */
    List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /** The same, once there are so many; what there is after ten seconds. */
    List<String> awaitLines(int count) throws InterruptedException {
        long untilNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        synchronized (lines) {
            long leftNs = untilNs - System.nanoTime();
            while (lines.size() < count && leftNs > 0) {
                TimeUnit.NANOSECONDS.timedWait(lines, leftNs);
                leftNs = untilNs - System.nanoTime();
            }
            return List.copyOf(lines);
        }
    }

    @Override
    public void close() {
        root.detachAppender(this);
        stop();
    }
}
