package io.posthorn.gateway.tls;

/** Certificate or key cannot be used; the text names the file, the cause and the way out. */
public final class TlsException extends Exception {

    private static final long serialVersionUID = 1L;

    public TlsException(String text, Throwable cause) {
        super(text, cause);
    }
}
