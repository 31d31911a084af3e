package io.posthorn.server.config;

import io.posthorn.broker.Login.Verb;
import io.posthorn.broker.limit.LimitPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Reads the settings that are lists of entries. Errors name the place. */
public final class EntryReader {

    private static final List<String> USER_FIELDS = List.of("name", "password");
    private static final List<String> PERMISSION_FIELDS = List.of("match", "user", "users", "verbs");
    private static final List<String> DESTINATION_FIELDS = List.of(
            "match",
            "flush",
            "redelivery-max",
            "redelivery-at-once",
            "redelivery-delay",
            "redelivery-delay-factor",
            "redelivery-delay-max",
            "dead-letter-queue",
            "expired",
            "messages-max",
            "bytes-max",
            "when-full");

    private final Place place;

    public EntryReader(Place place) {
        this.place = place;
    }

    public List<UserEntry> users(YamlTree tree) throws ConfigException {
        List<UserEntry> users = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        for (Entry entry : entries(tree, "users", USER_FIELDS)) {
            String name = entry.text("name");
            if (!names.add(name)) {
                throw entry.wrong("user '" + name + "' stands there twice");
            }
            users.add(entry.checked(ignored -> new UserEntry(name, entry.textUnchecked("password")), "password"));
        }
        return users;
    }

    public List<PermissionRule> permissions(YamlTree tree) throws ConfigException {
        List<PermissionRule> rules = new ArrayList<>();
        for (Entry entry : entries(tree, "permissions", PERMISSION_FIELDS)) {
            Set<String> users = new LinkedHashSet<>();
            if (entry.has("user")) {
                users.addAll(entry.texts("user"));
            }
            if (entry.has("users")) {
                users.addAll(entry.texts("users"));
            }
            if (users.isEmpty()) {
                throw entry.wrong("a permission needs 'user' or 'users'");
            }
            Set<Verb> verbs = EnumSet.noneOf(Verb.class);
            for (String verb : entry.texts("verbs")) {
                verbs.add(verb(entry, verb));
            }
            rules.add(new PermissionRule(NamePattern.of(entry.text("match")), users, verbs));
        }
        return rules;
    }

    private static Verb verb(Entry entry, String text) throws ConfigException {
        for (Verb verb : Verb.values()) {
            if (verb.name().toLowerCase(Locale.ROOT).equals(text)) {
                return verb;
            }
        }
        throw entry.wrong(
                "'" + text + "' is no verb" + NearestName.hint(text, List.of("send", "consume", "browse", "create")));
    }

    public List<DestinationRule> destinations(YamlTree tree) throws ConfigException {
        List<DestinationRule> rules = new ArrayList<>();
        for (Entry entry : entries(tree, "destinations", DESTINATION_FIELDS)) {
            rules.add(new DestinationRule(
                    NamePattern.of(entry.text("match")),
                    flush(entry),
                    number(entry, "redelivery-max", 0, "0 (for ever)"),
                    number(entry, "redelivery-at-once", 1, "1"),
                    duration(entry, "redelivery-delay"),
                    factor(entry),
                    duration(entry, "redelivery-delay-max"),
                    entry.has("dead-letter-queue") ? entry.text("dead-letter-queue") : null,
                    expired(entry),
                    messagesMax(entry),
                    bytesMax(entry),
                    whenFull(entry)));
        }
        return rules;
    }

    private static Boolean flush(Entry entry) throws ConfigException {
        String text = entry.oneOf("flush", "sync", "async");
        return text == null ? null : text.equals("sync");
    }

    private static Boolean expired(Entry entry) throws ConfigException {
        String text = entry.oneOf("expired", "discard", "dead-letter");
        return text == null ? null : text.equals("dead-letter");
    }

    private static LimitPolicy whenFull(Entry entry) throws ConfigException {
        String text = entry.oneOf("when-full", "block", "fail", "drop-oldest", "reject");
        return text == null
                ? null
                : LimitPolicy.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static Integer number(Entry entry, String field, int min, String least) throws ConfigException {
        if (!entry.has(field)) {
            return null;
        }
        String text = entry.text(field);
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < min) {
            throw entry.wrong(field + " is a number from " + least + " on, not '" + text + "'");
        }
        return Integer.valueOf(text);
    }

    private static Duration duration(Entry entry, String field) throws ConfigException {
        if (!entry.has(field)) {
            return null;
        }
        try {
            return Units.duration(entry.text(field));
        } catch (IllegalArgumentException e) {
            throw entry.wrong(field + ": " + e.getMessage());
        }
    }

    private static Double factor(Entry entry) throws ConfigException {
        if (!entry.has("redelivery-delay-factor")) {
            return null;
        }
        String text = entry.text("redelivery-delay-factor");
        if (!text.matches("[1-9]\\d{0,2}(\\.\\d{1,6})?")) {
            throw entry.wrong("redelivery-delay-factor is a number from 1 to 999, not '" + text + "'");
        }
        return Double.valueOf(text);
    }

    private static Long messagesMax(Entry entry) throws ConfigException {
        if (!entry.has("messages-max")) {
            return null;
        }
        String text = entry.text("messages-max");
        if (!text.matches("[1-9]\\d{0,17}")) {
            throw entry.wrong("messages-max is a number from 1 on, not '" + text + "'");
        }
        return Long.valueOf(text);
    }

    private static Long bytesMax(Entry entry) throws ConfigException {
        if (!entry.has("bytes-max")) {
            return null;
        }
        try {
            long bytes = Units.bytes(entry.text("bytes-max"));
            if (bytes > 0) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw entry.wrong("bytes-max: " + e.getMessage());
        }
        throw entry.wrong("bytes-max is a size from 1 on");
    }

    private List<Entry> entries(YamlTree tree, String what, List<String> known) throws ConfigException {
        if (!(tree instanceof YamlTree.Items list)) {
            throw new ConfigException(place.at(tree.line()) + ": " + what + " is a list: each entry begins with '- "
                    + known.get(0) + ": ...'");
        }
        List<Entry> entries = new ArrayList<>();
        for (YamlTree item : list.items()) {
            if (!(item instanceof YamlTree.Fields fields)) {
                throw new ConfigException(place.at(item.line()) + ": an entry of " + what + " has the fields "
                        + String.join(", ", known));
            }
            Map<String, YamlTree> values = new HashMap<>();
            for (YamlTree.Field field : fields.fields()) {
                if (!known.contains(field.name())) {
                    throw new ConfigException(place.at(field.line()) + ": unknown field '" + field.name() + "' in "
                            + what + NearestName.hint(field.name(), known));
                }
                values.put(field.name(), field.value());
            }
            entries.add(new Entry(values, item.line()));
        }
        return entries;
    }

    /** One entry of a list. */
    private final class Entry {

        private final Map<String, YamlTree> values;
        private final int line;

        private Entry(Map<String, YamlTree> values, int line) {
            this.values = values;
            this.line = line;
        }

        private boolean has(String field) {
            return values.containsKey(field);
        }

        /** One of a few words, or null when the field is not there. */
        private String oneOf(String field, String... words) throws ConfigException {
            if (!has(field)) {
                return null;
            }
            String text = text(field);
            if (!List.of(words).contains(text)) {
                throw wrong(field + " is " + String.join(" or ", words) + ", not '" + text + "'");
            }
            return text;
        }

        /** One text that is not empty. */
        private String text(String field) throws ConfigException {
            String text = textUnchecked(field);
            if (text.isEmpty()) {
                throw wrong("an entry without '" + field + "'");
            }
            return text;
        }

        private String textUnchecked(String field) {
            return values.get(field) instanceof YamlTree.Scalar scalar ? scalar.text() : "";
        }

        /** One text, or a list of them. */
        private List<String> texts(String field) throws ConfigException {
            if (!(values.get(field) instanceof YamlTree.Items items)) {
                return List.of(text(field));
            }
            List<String> texts = new ArrayList<>();
            for (YamlTree item : items.items()) {
                if (!(item instanceof YamlTree.Scalar scalar) || scalar.text().isEmpty()) {
                    throw wrong("'" + field + "' is a list of plain texts");
                }
                texts.add(scalar.text());
            }
            return texts;
        }

        private <T> T checked(Function<String, T> make, String field) throws ConfigException {
            try {
                return make.apply(field);
            } catch (IllegalArgumentException e) {
                throw wrong(e.getMessage());
            }
        }

        private ConfigException wrong(String text) {
            return new ConfigException(place.at(line) + ": " + text);
        }
    }
}
