package io.posthorn.jms.error;

import jakarta.jms.JMSException;

/** Runs calls of the classic API for the simplified one, whose exceptions are unchecked. */
public final class Unchecked {

    private Unchecked() {}

    /** Returns what {@code call} returns; its JMS exceptions come out in their unchecked forms. */
    public static <T> T call(Call<T> call) {
        try {
            return call.run();
        } catch (JMSException problem) {
            throw JmsErrors.unchecked(problem);
        }
    }

    /** As {@link #call}, for what returns nothing. */
    public static void run(Step step) {
        try {
            step.run();
        } catch (JMSException problem) {
            throw JmsErrors.unchecked(problem);
        }
    }

    /** A call with a result. */
    @FunctionalInterface
    public interface Call<T> {
        T run() throws JMSException;
    }

    /** A call without a result. */
    @FunctionalInterface
    public interface Step {
        void run() throws JMSException;
    }
}
