package io.posthorn.server.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The table of all settings. Each has one name, which is its path in the YAML file, the name behind {@code --set}, and,
 * with {@code posthorn.} before it, its system property; {@link #environmentName} is its environment variable. {@code
 * docs/configuration.md} repeats this table, and a test holds the two together.
 */
public enum Key {
    DATA("data", "./posthorn-data", "Folder of the server's data. Made when it is not there."),
    LISTEN_HOST("listen.host", "127.0.0.1", "Address to listen on. Other than loopback only once a user exists."),
    LISTEN_PORT("listen.port", "7660", "Port to listen on; 0 takes any free one."),
    ADMIN_HOST(
            "admin.host",
            "127.0.0.1",
            "Address to listen on for operators. Other than loopback only once a user exists."),
    ADMIN_PORT("admin.port", "auto", "Port for operators; auto: 7661, or any free one if that is taken. off: none."),
    TLS_CERTIFICATE("tls.certificate", "", "PEM file with the server's certificate and its chain. With it, TLS is on."),
    TLS_KEY("tls.key", "", "PEM file with the private key: PKCS#8, not encrypted."),
    TLS_KEYSTORE("tls.keystore", "", "PKCS#12 file with certificate and key, in place of the two PEM files."),
    TLS_KEYSTORE_PASSWORD("tls.keystore-password", "", "Password of the PKCS#12 file."),
    TLS_TRUSTED("tls.trusted", "", "PEM file with the authorities that sign the certificates of clients."),
    TLS_CLIENT_AUTH("tls.client-auth", "none", "Whether clients show a certificate: none, want or need."),
    ANONYMOUS("anonymous", "false", "Whether clients without credentials are let in although users exist."),
    USER("user", "", "Name of one user, besides those in users and in users.yaml; for containers."),
    PASSWORD("password", "", "Password of that user."),
    PASSWORD_FILE("password-file", "", "File whose first line is the password of that user."),
    USERS("users", "[]", "List of {name, password}; the password plain, or a hash as in users.yaml."),
    PERMISSIONS(
            "permissions",
            "[]",
            "List of {match, user or users, verbs}; verbs are send, consume, browse, create, admin. Empty: all users may do all."),
    DESTINATIONS(
            "destinations",
            "[]",
            "List of {match, flush, redelivery-max and others}, settings by name; see Settings by destination."),
    MESSAGE_LENGTH_MAX("message-length-max", "4GiB", "Longest message that is taken."),
    RESUME_WINDOW("resume-window", "30s", "How long a lost client keeps what it owns."),
    XA_TIMEOUT("xa-timeout", "5m", "After how long an unprepared XA branch is rolled back."),
    HEARTBEAT(
            "heartbeat",
            "15s",
            "Least interval of heartbeats; a peer is lost after two intervals of silence. 0s: none."),
    MEMORY_CONTENTS(
            "memory.contents",
            "25%",
            "How much of the messages' contents stays in memory; a share of the heap, or a size."),
    MEMORY_INDEX("memory.index", "64MiB", "How much of the index of waiting messages stays in memory."),
    MEMORY_TRANSACTIONS(
            "memory.transactions",
            "128MiB",
            "How much memory messages of open transactions take; one may have half of it."),
    CHECKPOINT_BYTES("checkpoint-bytes", "16MiB", "How much of the journal may have to be replayed at a start."),
    JOURNAL_SEGMENT_BYTES("journal.segment-bytes", "32MiB", "Length of one file of the journal."),
    DISK_FREE_MIN(
            "disk-free-min", "256MiB", "With less room on the disk of the data, senders of persistent messages wait."),
    GATEWAY_THREADS("gateway.threads", "1", "Number of event loops; 1 runs sockets and broker on one.");

    private final String id;
    private final String defaultText;
    private final String purpose;

    Key(String id, String defaultText, String purpose) {
        this.id = id;
        this.defaultText = defaultText;
        this.purpose = purpose;
    }

    /** The name that users type. */
    public String id() {
        return id;
    }

    /** The default as a user would write it; empty for a setting that is off until it is given. */
    public String defaultText() {
        return defaultText;
    }

    public String purpose() {
        return purpose;
    }

    public String environmentName() {
        return "POSTHORN_" + id.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    public String propertyName() {
        return "posthorn." + id;
    }

    /** Whether the value is a list of entries with fields of their own. */
    public boolean isList() {
        return defaultText.equals("[]");
    }

    public static Optional<Key> of(String id) {
        return Arrays.stream(values()).filter(key -> key.id.equals(id)).findFirst();
    }

    public static List<String> ids() {
        return Arrays.stream(values()).map(Key::id).toList();
    }
}
