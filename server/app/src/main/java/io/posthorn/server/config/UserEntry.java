package io.posthorn.server.config;

import java.util.Objects;

/** A user as a file has it. {@code password} is plain, or a hash as {@code PasswordHash} writes it. */
public record UserEntry(String name, String password) {

    /** Longest name and password, in characters. */
    public static final int LENGTH_MAX = 256;

    public UserEntry {
        Objects.requireNonNull(password, "password");
        checkName(name);
        if (password.isEmpty() || password.length() > LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "the password of '" + name + "' must have 1 to " + LENGTH_MAX + " characters");
        }
    }

    /** Throws an {@link IllegalArgumentException} for what cannot be the name of a user. */
    public static void checkName(String name) {
        if (name.isEmpty() || name.length() > LENGTH_MAX || name.chars().anyMatch(c -> c < ' ' || c == 127)) {
            throw new IllegalArgumentException(
                    "'" + name + "' cannot be the name of a user: 1 to " + LENGTH_MAX + " printable characters");
        }
        if (name.equals("*") || name.equals(PermissionRule.ANONYMOUS)) {
            throw new IllegalArgumentException(
                    "'" + name + "' cannot be the name of a user: it has a meaning in permissions");
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "UserEntry[" + name + "]";
    }
}
