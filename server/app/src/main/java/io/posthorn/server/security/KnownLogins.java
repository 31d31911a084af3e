package io.posthorn.server.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Remembers which passwords were found right, so that the slow check is paid once for each user and run. Keeps no
 * password: only its HMAC under a key that this process made for itself. An entry counts only for the stored password it
 * was checked against. Thread-safe.
 */
final class KnownLogins {

    private static final int ENTRIES_MAX = 10_000;
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    /** By user; guarded by itself. */
    private final Map<String, Login> entries = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Login> eldest) {
            return size() > ENTRIES_MAX;
        }
    };

    KnownLogins(SecureRandom random) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        this.key = new SecretKeySpec(bytes, ALGORITHM);
    }

    /** The keyed digest of a password: fast, and of no use outside this process. */
    byte[] digest(String password) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(password.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + ALGORITHM, e);
        }
    }

    void remember(String user, String password, String stored) {
        byte[] digest = digest(password);
        synchronized (entries) {
            entries.put(user, new Login(digest, stored));
        }
    }

    boolean knows(String user, String password, String stored) {
        byte[] digest = digest(password);
        synchronized (entries) {
            Login login = entries.get(user);
            return login != null && login.stored.equals(stored) && MessageDigest.isEqual(login.digest, digest);
        }
    }

    private static final class Login {
        private final byte[] digest;
        private final String stored;

        private Login(byte[] digest, String stored) {
            this.digest = digest;
            this.stored = stored;
        }
    }
}
