package io.posthorn.server.config;

import io.posthorn.broker.Login.Verb;
import java.util.Set;

/**
 * Allows {@code users} to do {@code verbs} to the destinations whose name matches. {@code *} among the users stands for
 * everybody who is logged in, {@code anonymous} for who is not.
 */
public record PermissionRule(NamePattern match, Set<String> users, Set<Verb> verbs) {

    /** Stands for clients without credentials. */
    public static final String ANONYMOUS = "anonymous";

    public PermissionRule {
        users = Set.copyOf(users);
        verbs = Set.copyOf(verbs);
    }

    /** {@code user} is empty for an anonymous client. */
    public boolean speaksOf(String user) {
        return user.isEmpty() ? users.contains(ANONYMOUS) : users.contains(user) || users.contains("*");
    }
}
