package io.posthorn.admin;

/**
 * Where to listen for operators.
 *
 * @param host name or address
 * @param port 0 for any free one
 */
public record AdminSettings(String host, int port) {

    /** Where the command line looks, and a server listens if nothing else is said. */
    public static final int PORT_DEFAULT = 7661;
}
