package io.posthorn.examples.benchmark.scenario;

/** The provider did not do what JMS promises; the round counts for nothing. */
public final class ScenarioException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ScenarioException(String message) {
        super(message);
    }

    public ScenarioException(String message, Throwable cause) {
        super(message, cause);
    }
}
