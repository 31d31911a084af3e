package io.posthorn.server.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A password as it is kept: {@code pbkdf2-sha256$ITERATIONS$SALT$HASH}, salt and hash in Base64. Slow on purpose: tens to
 * hundreds of milliseconds for each check.
 */
final class PasswordHash {

    static final int ITERATIONS = 210_000;

    private static final int SALT_LENGTH = 16;
    private static final int HASH_BITS = 256;
    private static final int ITERATIONS_MAX = 10_000_000;
    private static final String PREFIX = "pbkdf2-sha256$";

    private static final Pattern FORMAT =
            Pattern.compile("pbkdf2-sha256\\$(\\d{1,8})\\$([A-Za-z0-9+/=]{8,128})\\$([A-Za-z0-9+/=]{44})");

    private PasswordHash() {}

    /** Whether a text claims to be a hash; {@link #check} says whether it is one. */
    static boolean isHash(String text) {
        return text.startsWith(PREFIX);
    }

    static String create(String password, SecureRandom random) {
        byte[] salt = new byte[SALT_LENGTH];
        random.nextBytes(salt);
        Base64.Encoder base64 = Base64.getEncoder();
        return PREFIX + ITERATIONS + "$" + base64.encodeToString(salt) + "$"
                + base64.encodeToString(derive(password, salt, ITERATIONS));
    }

    /** Throws an {@link IllegalArgumentException} for a hash that nothing can match. */
    static void check(String hash) {
        parse(hash);
    }

    static boolean matches(String password, String hash) {
        Matcher parts = parse(hash);
        Base64.Decoder base64 = Base64.getDecoder();
        byte[] found = derive(password, base64.decode(parts.group(2)), Integer.parseInt(parts.group(1)));
        return MessageDigest.isEqual(found, base64.decode(parts.group(3)));
    }

    /** Takes as long as a check of a real hash, and finds nothing: so that nobody learns which users exist. */
    static void wasteTime(String password) {
        derive(password, "0123456789abcdef".getBytes(StandardCharsets.US_ASCII), ITERATIONS);
    }

    private static Matcher parse(String hash) {
        Matcher parts = FORMAT.matcher(hash);
        if (!parts.matches()
                || Integer.parseInt(parts.group(1)) < 1
                || Integer.parseInt(parts.group(1)) > ITERATIONS_MAX) {
            throw new IllegalArgumentException(
                    "the password hash is not of the form pbkdf2-sha256$ITERATIONS$SALT$HASH that 'user add' writes");
        }
        return parts;
    }

    private static byte[] derive(String password, byte[] salt, int iterations) {
        try {
            PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations, HASH_BITS);
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no PBKDF2WithHmacSHA256", e);
        }
    }
}
