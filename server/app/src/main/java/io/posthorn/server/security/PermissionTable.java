package io.posthorn.server.security;

import io.posthorn.broker.Login.Permissions;
import io.posthorn.server.config.PermissionRule;
import java.util.List;

/** Turns the rules of a configuration into what one user may do. */
final class PermissionTable {

    private final List<PermissionRule> rules;

    PermissionTable(List<PermissionRule> rules) {
        this.rules = List.copyOf(rules);
    }

    /**
     * What {@code user} (empty for anonymous) may do: all without any rules; otherwise what a rule allows, and everything
     * with temporary destinations, whose names nobody can guess who was not told them.
     */
    Permissions of(String user) {
        if (rules.isEmpty()) {
            return Permissions.ALL;
        }
        List<PermissionRule> mine =
                rules.stream().filter(rule -> rule.speaksOf(user)).toList();
        return (verb, address) -> address.kind().isTemporary()
                || mine.stream()
                        .anyMatch(rule ->
                                rule.verbs().contains(verb) && rule.match().matches(address.name()));
    }
}
