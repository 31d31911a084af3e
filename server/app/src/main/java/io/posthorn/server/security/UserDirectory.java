package io.posthorn.server.security;

import io.posthorn.broker.Login;
import io.posthorn.gateway.login.AuthenticationException;
import io.posthorn.gateway.login.Authenticator;
import io.posthorn.server.config.ConfigException;
import io.posthorn.server.config.ServerSettings.Access;
import io.posthorn.server.config.UserEntry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All users: those of the configuration and those of {@link UsersFile}, which is read again when it changes. As long as
 * there is none, everybody is let in, provided that the server listens on loopback only.
 *
 * <p>{@link #authenticate} has one caller at a time; {@link #recall} any number, on any threads.
 */
public final class UserDirectory implements Authenticator {

    /** A look into memory counts for so long; then the file is looked at again, in milliseconds. */
    static final long RECHECK_MS = 2_000;

    private static final String REFUSED = "user name or password is wrong";

    private static final Logger LOG = LoggerFactory.getLogger(UserDirectory.class);

    private final UsersFile file;
    private final Access access;
    private final boolean loopback;
    private final InstantSource clock;
    private final PermissionTable permissions;
    private final KnownLogins known = new KnownLogins(new SecureRandom());
    private String stamp;

    /** Stored passwords by user; replaced whole. */
    private volatile Map<String, String> users;

    private volatile long checkedAtMs;

    private UserDirectory(UsersFile file, Access access, boolean loopback, InstantSource clock) {
        this.file = file;
        this.access = access;
        this.loopback = loopback;
        this.clock = clock;
        this.permissions = new PermissionTable(access.permissions());
    }

    /**
     * Reads the users.
     *
     * @param loopback whether only programs of this machine can connect
     */
    public static UserDirectory open(UsersFile file, Access access, boolean loopback, InstantSource clock)
            throws ConfigException {
        for (UserEntry user : access.users()) {
            if (PasswordHash.isHash(user.password())) {
                try {
                    PasswordHash.check(user.password());
                } catch (IllegalArgumentException e) {
                    throw new ConfigException("user '" + user.name() + "': " + e.getMessage(), e);
                }
            }
        }
        UserDirectory directory = new UserDirectory(file, access, loopback, clock);
        directory.stamp = file.stamp();
        directory.users = directory.merge(file.read());
        directory.checkedAtMs = clock.millis();
        return directory;
    }

    /** Whether there is no user at all. */
    public boolean isEmpty() {
        return users.isEmpty();
    }

    @Override
    public Login authenticate(String user, String password) throws AuthenticationException {
        rereadIfChanged();
        Map<String, String> current = users;
        boolean without = user == null || user.isEmpty();
        if (without && password != null && !password.isEmpty() && !current.isEmpty()) {
            throw new AuthenticationException(REFUSED);
        }
        if (current.isEmpty()) {
            return withoutUsers(without ? "" : user);
        }
        if (without) {
            return anonymous();
        }
        String stored = current.get(user);
        String given = password == null ? "" : password;
        if (given.length() > UserEntry.LENGTH_MAX) {
            throw new AuthenticationException(REFUSED);
        }
        if (stored == null) {
            PasswordHash.wasteTime(given);
            throw new AuthenticationException(REFUSED);
        }
        if (!known.knows(user, given, stored)) {
            if (!matches(given, stored)) {
                throw new AuthenticationException(REFUSED);
            }
            known.remember(user, given, stored);
        }
        return new Login(user, permissions.of(user));
    }

    @Override
    public Optional<Login> recall(String user, String password) {
        if (clock.millis() - checkedAtMs > RECHECK_MS || user == null || password == null) {
            return Optional.empty();
        }
        String stored = users.get(user);
        return stored != null && known.knows(user, password, stored)
                ? Optional.of(new Login(user, permissions.of(user)))
                : Optional.empty();
    }

    private Login withoutUsers(String user) throws AuthenticationException {
        if (!loopback) {
            throw new AuthenticationException("this server has no users any more; its owner must add one");
        }
        return new Login(user, Login.Permissions.ALL);
    }

    private Login anonymous() throws AuthenticationException {
        if (!access.anonymous()) {
            throw new AuthenticationException("user name and password are needed");
        }
        return new Login("", permissions.of(""));
    }

    private static boolean matches(String password, String stored) {
        return PasswordHash.isHash(stored)
                ? PasswordHash.matches(password, stored)
                : MessageDigest.isEqual(
                        password.getBytes(StandardCharsets.UTF_8), stored.getBytes(StandardCharsets.UTF_8));
    }

    private void rereadIfChanged() {
        String now = file.stamp();
        if (!now.equals(stamp)) {
            stamp = now;
            try {
                users = merge(file.read());
                LOG.info("Read the users again: {} now", users.size());
            } catch (ConfigException e) {
                LOG.error("Keeping the users as they were: {}", e.getMessage());
            }
        }
        checkedAtMs = clock.millis();
    }

    /** The configuration wins over the file, as everywhere. */
    private Map<String, String> merge(List<UserEntry> fromFile) {
        Map<String, String> merged = new HashMap<>();
        fromFile.forEach(user -> merged.put(user.name(), user.password()));
        access.users().forEach(user -> merged.put(user.name(), user.password()));
        return Map.copyOf(merged);
    }
}
