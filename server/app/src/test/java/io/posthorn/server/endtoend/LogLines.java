package io.posthorn.server.endtoend;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Listens to the log, INFO and above. */
final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

    /** Guarded by itself. */
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
            }
        }
    }

    /** All lines so far. */
    List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    @Override
    public void close() {
        root.detachAppender(this);
        stop();
    }
}
