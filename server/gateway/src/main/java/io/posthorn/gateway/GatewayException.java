package io.posthorn.gateway;

/** The gateway cannot start; the text says where, why and what to do. */
public final class GatewayException extends Exception {

    private static final long serialVersionUID = 1L;

    public GatewayException(String text, Throwable cause) {
        super(text, cause);
    }
}
