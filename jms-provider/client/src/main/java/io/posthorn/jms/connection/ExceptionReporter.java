package io.posthorn.jms.connection;

import jakarta.jms.ExceptionListener;
import jakarta.jms.JMSException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the exception listener (section 6.1.7), one call at a time and in order, on a thread that lives only while there is
 * something to report. The monitor guards the fields and is not held during a call.
 */
final class ExceptionReporter {

    private static final Logger LOG = LoggerFactory.getLogger(ExceptionReporter.class);
    /** More than this many wait only when the listener hangs; the rest is logged. */
    private static final int WAITING_MAX = 100;

    private final String name;
    private final Queue<JMSException> waiting = new ArrayDeque<>();
    private ExceptionListener listener;
    private boolean running;

    ExceptionReporter(String name) {
        this.name = name;
    }

    synchronized ExceptionListener listener() {
        return listener;
    }

    synchronized void listen(ExceptionListener next) {
        listener = next;
    }

    synchronized void report(JMSException problem) {
        if (listener == null || waiting.size() >= WAITING_MAX) {
            LOG.warn("{}: {}", name, problem.getMessage(), problem);
            return;
        }
        waiting.add(problem);
        if (!running) {
            running = true;
            Thread thread = new Thread(this::callAll, name);
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void callAll() {
        JMSException problem = next();
        while (problem != null) {
            call(problem);
            problem = next();
        }
    }

    private synchronized JMSException next() {
        JMSException problem = waiting.poll();
        running = problem != null;
        return problem;
    }

    private void call(JMSException problem) {
        ExceptionListener current = listener();
        if (current == null) {
            LOG.warn("{}: {}", name, problem.getMessage(), problem);
            return;
        }
        try {
            current.onException(problem);
        } catch (RuntimeException | Error e) {
            LOG.warn("{}: the exception listener failed on: {}", name, problem.getMessage(), e);
        }
    }
}
