package io.posthorn.ra.outbound;

import jakarta.resource.spi.ManagedConnectionMetaData;

/**
 * What a managed connection tells about the server.
 *
 * @param getEISProductName the server's name and version
 * @param getEISProductVersion the client's version
 * @param getUserName who is logged in, or null
 */
record ServerFacts(String getEISProductName, String getEISProductVersion, String getUserName)
        implements ManagedConnectionMetaData {

    /** Unlimited, as far as the server says. */
    @Override
    public int getMaxConnections() {
        return 0;
    }
}
