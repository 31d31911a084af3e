package io.posthorn.gateway.login;

/** The credentials do not let this peer in. The text goes to the peer: it never says whether the user exists. */
public final class AuthenticationException extends Exception {

    private static final long serialVersionUID = 1L;

    public AuthenticationException(String text) {
        super(text);
    }
}
