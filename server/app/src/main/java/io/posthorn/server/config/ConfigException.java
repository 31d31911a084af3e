package io.posthorn.server.config;

/** A setting is wrong; the text says where it stands, what is wrong and what would be right. */
public final class ConfigException extends Exception {

    private static final long serialVersionUID = 1L;

    public ConfigException(String text) {
        super(text);
    }

    public ConfigException(String text, Throwable cause) {
        super(text, cause);
    }
}
