package io.posthorn.broker;

import io.posthorn.wire.frame.Address;

/** Whom a connection speaks for: the user that was authenticated ({@code ""} for anonymous) and what he may do. */
public record Login(String user, Permissions permissions) {

    /** Whether a verb is allowed on a destination. */
    @FunctionalInterface
    public interface Permissions {

        Permissions ALL = (verb, address) -> true;

        boolean allows(Verb verb, Address address);
    }

    /** What can be done to a destination. */
    public enum Verb {
        SEND,
        CONSUME,
        BROWSE,
        CREATE,
        /** To see, make, empty and drop it by the management port. */
        ADMIN
    }
}
