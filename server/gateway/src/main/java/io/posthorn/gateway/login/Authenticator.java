package io.posthorn.gateway.login;

import io.posthorn.broker.Login;
import java.util.Optional;

/** Decides who may connect. */
public interface Authenticator {

    /** Lets everybody in, as who they say they are. */
    Authenticator OPEN = new Authenticator() {
        @Override
        public Login authenticate(String user, String password) {
            return new Login(user == null ? "" : user, Login.Permissions.ALL);
        }

        @Override
        public Optional<Login> recall(String user, String password) {
            return Optional.of(authenticate(user, password));
        }
    };

    /**
     * Checks credentials, either of which may be null. May take long: it is called on a thread of its own, by one caller
     * at a time.
     */
    Login authenticate(String user, String password) throws AuthenticationException;

    /**
     * The answer of {@link #authenticate} for credentials that were found right a short time ago. Called on an event
     * loop: does not block and does no work worth mentioning; empty when in doubt.
     */
    default Optional<Login> recall(String user, String password) {
        return Optional.empty();
    }
}
