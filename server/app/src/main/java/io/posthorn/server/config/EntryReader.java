package io.posthorn.server.config;

import io.posthorn.broker.Login.Verb;
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
    private static final List<String> DESTINATION_FIELDS =
            List.of("match", "flush", "redelivery-max", "dead-letter-queue");

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
                    entry.has("flush") ? flush(entry) : null,
                    entry.has("redelivery-max") ? redeliveryMax(entry) : null,
                    entry.has("dead-letter-queue") ? entry.text("dead-letter-queue") : null));
        }
        return rules;
    }

    private static Boolean flush(Entry entry) throws ConfigException {
        String text = entry.text("flush");
        if (text.equals("sync") || text.equals("async")) {
            return text.equals("sync");
        }
        throw entry.wrong("flush is sync or async, not '" + text + "'");
    }

    private static Integer redeliveryMax(Entry entry) throws ConfigException {
        String text = entry.text("redelivery-max");
        if (!text.matches("\\d{1,9}")) {
            throw entry.wrong("redelivery-max is a number from 0 (for ever) on, not '" + text + "'");
        }
        return Integer.valueOf(text);
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
