package io.posthorn.server.config;

import io.posthorn.gateway.GatewaySettings;
import io.posthorn.gateway.tls.TlsSettings;
import io.posthorn.gateway.tls.TlsSettings.ClientAuth;
import io.posthorn.server.config.ServerSettings.Access;
import io.posthorn.server.config.ServerSettings.Limits;
import io.posthorn.server.config.ServerSettings.Listen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Gathers settings from where they stand and checks them. Later calls win: callers add the file first, then the
 * environment, system properties, and the command line.
 */
public final class SettingsLoader {

    /** What Kubernetes and Docker set by themselves for a service that is called posthorn. */
    private static final String SERVICE_VARIABLES = "POSTHORN_(SERVICE_.*|PORT|PORT_\\d+_.*)";

    private static final long MEBIBYTE = 1L << 20;

    private final Map<Key, Given> given = new EnumMap<>(Key.class);
    private final List<String> warnings = new ArrayList<>();

    /** Adds what a YAML file says. */
    public SettingsLoader file(Path file) throws ConfigException {
        Optional<YamlTree> root = YamlReader.read(file);
        if (root.isPresent() && isSomething(root.get())) {
            flatten(root.get(), "", Place.file(file));
        }
        return this;
    }

    /** Adds the variables that begin with {@code POSTHORN_}; an unknown one gives a warning. */
    public SettingsLoader environment(Map<String, String> variables) {
        addNamed(variables, "POSTHORN_", "environment variable ", Key::environmentName);
        return this;
    }

    /** Adds the properties that begin with {@code posthorn.}; an unknown one gives a warning. */
    public SettingsLoader properties(Map<String, String> properties) {
        addNamed(properties, "posthorn.", "system property ", Key::propertyName);
        return this;
    }

    /** Adds one setting; {@code where} names its origin in errors, such as {@code --port}. */
    public SettingsLoader set(String id, String value, String where) throws ConfigException {
        Key key = Key.of(id)
                .orElseThrow(() -> new ConfigException(
                        where + ": unknown setting '" + id + "'" + NearestName.hint(id, Key.ids())));
        given.put(key, new Given(value, null, Place.of(where), 1));
        return this;
    }

    /** What looked strange and did no harm; a line each. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Checks everything. */
    public ServerSettings load() throws ConfigException {
        Listen listen = new Listen(text(Key.LISTEN_HOST), value(Key.LISTEN_PORT, number(0, 65_535)));
        String adminHost = text(Key.ADMIN_HOST);
        ServerSettings.Admin admin = value(Key.ADMIN_PORT, port -> ServerSettings.Admin.of(adminHost, port));
        return new ServerSettings(
                value(Key.DATA, SettingsLoader::path), listen, admin, tls(), access(), limits(), destinations());
    }

    private Limits limits() throws ConfigException {
        return new Limits(
                value(Key.MESSAGE_LENGTH_MAX, size(1024, 256L << 30)),
                value(Key.RESUME_WINDOW, Units::duration),
                value(Key.XA_TIMEOUT, Units::duration),
                value(Key.HEARTBEAT, Units::duration),
                value(Key.MEMORY_CONTENTS, orShareOfHeap(size(MEBIBYTE, Long.MAX_VALUE))),
                value(Key.MEMORY_INDEX, size(MEBIBYTE, Long.MAX_VALUE)),
                value(Key.MEMORY_TRANSACTIONS, size(MEBIBYTE, Long.MAX_VALUE)),
                value(Key.CHECKPOINT_BYTES, size(MEBIBYTE, Long.MAX_VALUE)),
                value(Key.JOURNAL_SEGMENT_BYTES, size(MEBIBYTE, 1L << 30)),
                value(Key.DISK_FREE_MIN, size(0, Long.MAX_VALUE)),
                value(Key.GATEWAY_THREADS, number(1, GatewaySettings.THREADS_MAX)));
    }

    private Optional<TlsSettings> tls() throws ConfigException {
        Path certificate = optionalPath(Key.TLS_CERTIFICATE);
        Path key = optionalPath(Key.TLS_KEY);
        Path keystore = optionalPath(Key.TLS_KEYSTORE);
        ClientAuth clientAuth = value(Key.TLS_CLIENT_AUTH, SettingsLoader::clientAuth);
        if (certificate == null && key == null && keystore == null) {
            return Optional.empty();
        }
        String password = text(Key.TLS_KEYSTORE_PASSWORD);
        try {
            return Optional.of(new TlsSettings(
                    certificate,
                    key,
                    keystore,
                    password.isEmpty() ? null : password,
                    optionalPath(Key.TLS_TRUSTED),
                    clientAuth));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(e.getMessage(), e);
        }
    }

    private Access access() throws ConfigException {
        List<UserEntry> users = new ArrayList<>(list(Key.USERS, EntryReader::users));
        String user = text(Key.USER);
        String password = password();
        if (user.isEmpty() != password.isEmpty()) {
            throw new ConfigException("user and password go together: set both "
                    + Key.USER.environmentName() + " and " + Key.PASSWORD.environmentName() + " (or "
                    + Key.PASSWORD_FILE.environmentName() + "), or none");
        }
        if (!user.isEmpty()) {
            if (users.stream().anyMatch(entry -> entry.name().equals(user))) {
                throw new ConfigException(where(Key.USER) + ": user '" + user + "' is in users already");
            }
            users.add(value(Key.USER, name -> new UserEntry(name, password)));
        }
        return new Access(
                value(Key.ANONYMOUS, SettingsLoader::yesOrNo), users, list(Key.PERMISSIONS, EntryReader::permissions));
    }

    private String password() throws ConfigException {
        Path file = optionalPath(Key.PASSWORD_FILE);
        if (file == null) {
            return text(Key.PASSWORD);
        }
        try {
            return Files.readString(file).lines().findFirst().orElse("");
        } catch (IOException e) {
            throw new ConfigException(where(Key.PASSWORD_FILE) + ": " + file + " cannot be read: " + e, e);
        }
    }

    private List<DestinationRule> destinations() throws ConfigException {
        return list(Key.DESTINATIONS, EntryReader::destinations);
    }

    // ---- gathering

    private void flatten(YamlTree tree, String prefix, Place place) throws ConfigException {
        if (!(tree instanceof YamlTree.Fields fields)) {
            throw new ConfigException(place.at(tree.line()) + ": expected lines of the form 'key: value'"
                    + (prefix.isEmpty() ? "" : " below '" + prefix + "'"));
        }
        for (YamlTree.Field field : fields.fields()) {
            String id = prefix.isEmpty() ? field.name() : prefix + "." + field.name();
            Optional<Key> key = Key.of(id);
            if (key.isPresent()) {
                add(key.get(), field, place);
            } else if (Key.ids().stream().anyMatch(known -> known.startsWith(id + "."))) {
                flatten(field.value(), id, place);
            } else {
                throw new ConfigException(
                        place.at(field.line()) + ": unknown key '" + id + "'" + NearestName.hint(id, Key.ids()));
            }
        }
    }

    private void add(Key key, YamlTree.Field field, Place place) throws ConfigException {
        YamlTree value = field.value();
        if (!key.isList() && !(value instanceof YamlTree.Scalar)) {
            throw new ConfigException(place.at(field.line()) + ": '" + key.id() + "' takes one plain value");
        }
        String text = value instanceof YamlTree.Scalar scalar ? scalar.text() : null;
        if (key.isList() ? text != null && text.isEmpty() : text.isEmpty()) {
            throw new ConfigException(place.at(field.line()) + ": '" + key.id() + "' has no value");
        }
        Given before = given.put(key, new Given(text, value, place, field.line()));
        if (before != null && before.place.equals(place)) {
            throw new ConfigException(
                    place.at(field.line()) + ": '" + key.id() + "' stands there twice, first in line " + before.line);
        }
    }

    private static boolean isSomething(YamlTree tree) {
        return !(tree instanceof YamlTree.Scalar scalar) || !scalar.text().isEmpty();
    }

    private void addNamed(Map<String, String> values, String prefix, String kind, Function<Key, String> nameOf) {
        List<String> known = new ArrayList<>();
        for (Key key : Key.values()) {
            String name = nameOf.apply(key);
            known.add(name);
            String value = values.get(name);
            if (value != null) {
                given.put(key, new Given(value, null, Place.of(kind + name), 1));
            }
        }
        values.keySet().stream()
                .filter(name -> name.startsWith(prefix) && !known.contains(name) && !name.matches(SERVICE_VARIABLES))
                .sorted()
                .map(name -> "Ignoring the unknown " + kind + name + NearestName.hint(name, known))
                .forEach(warnings::add);
    }

    // ---- taking

    private String text(Key key) {
        Given value = given.get(key);
        return value == null ? key.defaultText() : value.text;
    }

    private String where(Key key) {
        Given value = given.get(key);
        return value == null ? key.id() : value.place.at(value.line) + ": '" + key.id() + "'";
    }

    private <T> T value(Key key, Function<String, T> parse) throws ConfigException {
        try {
            return parse.apply(text(key));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(where(key) + ": " + e.getMessage(), e);
        }
    }

    private Path optionalPath(Key key) throws ConfigException {
        return text(key).isEmpty() ? null : value(key, SettingsLoader::path);
    }

    private <T> List<T> list(Key key, ListParser<T> parser) throws ConfigException {
        Given value = given.get(key);
        if (value == null) {
            return List.of();
        }
        YamlTree tree = value.tree;
        if (tree == null) {
            tree = YamlReader.parse(value.text, value.place).orElseGet(() -> new YamlTree.Scalar("", 1));
        }
        return parser.parse(new EntryReader(value.place), tree);
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("'" + text + "' is not a path: " + e.getReason(), e);
        }
    }

    private static Boolean yesOrNo(String text) {
        if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
        }
        throw new IllegalArgumentException("'" + text + "' is neither true nor false");
    }

    private static ClientAuth clientAuth(String text) {
        for (ClientAuth choice : ClientAuth.values()) {
            if (choice.name().toLowerCase(Locale.ROOT).equals(text)) {
                return choice;
            }
        }
        throw new IllegalArgumentException("'" + text + "' is not one of none, want, need");
    }

    private static Function<String, Integer> number(int min, int max) {
        return text -> {
            if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < min || Integer.parseInt(text) > max) {
                throw new IllegalArgumentException("'" + text + "' is not a number from " + min + " to " + max);
            }
            return Integer.valueOf(text);
        };
    }

    private static Function<String, Long> size(long min, long max) {
        return text -> {
            long bytes = Units.bytes(text);
            if (bytes < min || bytes > max) {
                throw new IllegalArgumentException("'" + text + "' is out of bounds: " + min + " to " + max + " bytes");
            }
            return bytes;
        };
    }

    private static Function<String, Long> orShareOfHeap(Function<String, Long> size) {
        return text -> text.endsWith("%") ? Units.shareOfHeap(text) : size.apply(text);
    }

    /** One of {@link EntryReader}'s methods. */
    private interface ListParser<T> {
        List<T> parse(EntryReader reader, YamlTree tree) throws ConfigException;
    }

    /** A value with its origin: {@code text} for a plain one, {@code tree} for what came from a file. */
    private record Given(String text, YamlTree tree, Place place, int line) {}
}
