package io.posthorn.ra.handle;

import jakarta.resource.spi.ConnectionRequestInfo;

/**
 * What an application asks for when it opens a connection, and by what pools tell connections apart. The client identifier and everything
 * else is the factory's; the mode of a session is no property of a connection, since in a container the transaction decides.
 *
 * @param userName null for the factory's own
 * @param password null likewise
 */
public record ConnectionRequest(String userName, String password) implements ConnectionRequestInfo {

    /** For the user that is configured. */
    public static final ConnectionRequest ANYBODY = new ConnectionRequest(null, null);

    /** Leaves out the password. */
    @Override
    public String toString() {
        return "ConnectionRequest[" + userName + "]";
    }
}
