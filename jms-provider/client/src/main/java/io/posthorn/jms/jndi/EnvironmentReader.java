package io.posthorn.jms.jndi;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.jms.PosthornQueue;
import io.posthorn.jms.PosthornTopic;
import io.posthorn.jms.PosthornXAConnectionFactory;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import javax.naming.ConfigurationException;
import javax.naming.Context;

/**
 * Reads the entries of a JNDI environment: see {@link PosthornContext} for the keys. All of them are read at once, so that a wrong one
 * is known at the start and not at its first look-up. Used once, by one thread.
 */
final class EnvironmentReader {

    private static final String FACTORY_NAMES = "connectionFactoryNames";
    private static final String FACTORY_SETTING = "connection.";

    /** Kinds of factories that exist without an entry, by name; true for XA. */
    private static final Map<String, Boolean> DEFAULT_FACTORIES = Map.of(
            "ConnectionFactory", false,
            "QueueConnectionFactory", false,
            "TopicConnectionFactory", false,
            "XAConnectionFactory", true,
            "XAQueueConnectionFactory", true,
            "XATopicConnectionFactory", true);

    /** The environment's text entries, expanded, by key. */
    private final Map<String, String> entries = new TreeMap<>();

    private final NameTree tree = new NameTree();

    private final Map<String, PosthornConnectionFactory> factories = new LinkedHashMap<>();

    EnvironmentReader(Hashtable<?, ?> environment, Variables variables) throws ConfigurationException {
        for (Map.Entry<?, ?> entry : environment.entrySet()) {
            if (entry.getKey() instanceof String key && entry.getValue() instanceof String value) {
                entries.put(key, expand(variables, key, value));
            }
        }
    }

    private static String expand(Variables variables, String key, String value) throws ConfigurationException {
        if (!isOurs(key)) {
            return value;
        }
        try {
            return variables.expand(value).strip();
        } catch (IllegalArgumentException e) {
            throw Failures.configuration(key, e);
        }
    }

    /** Other providers and libraries keep their own keys in the same environment. */
    private static boolean isOurs(String key) {
        return key.startsWith("queue.")
                || key.startsWith("topic.")
                || key.regionMatches(true, 0, "connection", 0, 10)
                || key.regionMatches(true, 0, "xaConnectionFactory.", 0, 20)
                || key.equals(Context.PROVIDER_URL)
                || key.equals(Context.SECURITY_PRINCIPAL)
                || key.equals(Context.SECURITY_CREDENTIALS);
    }

    /** The tree of all names. */
    NameTree read() throws ConfigurationException {
        readFactories("connectionFactory.", false);
        readFactories("xaConnectionFactory.", true);
        readNamedFactories();
        addDefaultFactories();
        readFactorySettings();
        readDestinations("queue.", PosthornQueue::new);
        readDestinations("topic.", PosthornTopic::new);
        return tree;
    }

    /** {@code connectionFactory.NAME=URL}, also in lower case. */
    private void readFactories(String prefix, boolean xa) throws ConfigurationException {
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            String key = entry.getKey();
            if (key.regionMatches(true, 0, prefix, 0, prefix.length())) {
                addFactory(key.substring(prefix.length()), key, xa, entry.getValue());
            }
        }
    }

    /** {@code connectionFactoryNames=A,B}, whose settings follow as {@code connection.A.url} and so on. */
    private void readNamedFactories() throws ConfigurationException {
        String names = entries.get(FACTORY_NAMES);
        if (names == null) {
            return;
        }
        for (String part : names.split(",", -1)) {
            String name = part.strip();
            if (name.isEmpty()) {
                throw new ConfigurationException(FACTORY_NAMES + ": '" + names + "' holds an empty name");
            }
            boolean xa = DEFAULT_FACTORIES.getOrDefault(name, false) || isXa(name);
            addFactory(name, FACTORY_NAMES, xa, defaultUrl());
        }
    }

    private boolean isXa(String name) throws ConfigurationException {
        String key = FACTORY_SETTING + name + ".xa";
        String value = entries.getOrDefault(key, "false");
        if (!value.equalsIgnoreCase("true") && !value.equalsIgnoreCase("false")) {
            throw new ConfigurationException(key + ": '" + value + "' is neither true nor false");
        }
        return Boolean.parseBoolean(value);
    }

    /** With no factory configured, or a URL for all, the usual names exist. */
    private void addDefaultFactories() throws ConfigurationException {
        if (!factories.isEmpty() && !entries.containsKey(Context.PROVIDER_URL)) {
            return;
        }
        for (Map.Entry<String, Boolean> factory : DEFAULT_FACTORIES.entrySet()) {
            if (!factories.containsKey(factory.getKey())) {
                addFactory(factory.getKey(), Context.PROVIDER_URL, factory.getValue(), defaultUrl());
            }
        }
    }

    /** Null when nothing is said, and the factory knows best. */
    private String defaultUrl() {
        return entries.get(Context.PROVIDER_URL);
    }

    private void addFactory(String name, String key, boolean xa, String url) throws ConfigurationException {
        PosthornConnectionFactory factory;
        try {
            factory = xa ? new PosthornXAConnectionFactory() : new PosthornConnectionFactory();
            if (url != null) {
                factory.setUrl(url);
            }
        } catch (IllegalArgumentException e) {
            throw Failures.configuration(url == null || !key.equals(FACTORY_NAMES) ? key : Context.PROVIDER_URL, e);
        }
        String principal = entries.get(Context.SECURITY_PRINCIPAL);
        if (principal != null) {
            factory.setUser(principal);
            factory.setPassword(entries.get(Context.SECURITY_CREDENTIALS));
        }
        tree.put(name, factory, key);
        factories.put(name, factory);
    }

    /** {@code connection.NAME.SETTING=VALUE}; a name may hold dots, a setting does not. */
    private void readFactorySettings() throws ConfigurationException {
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            String key = entry.getKey();
            if (!key.startsWith(FACTORY_SETTING)) {
                continue;
            }
            int dot = key.lastIndexOf('.');
            String name = dot < FACTORY_SETTING.length() ? "" : key.substring(FACTORY_SETTING.length(), dot);
            PosthornConnectionFactory factory = factories.get(name);
            if (factory == null) {
                throw new ConfigurationException(key + ": there is no connection factory '" + name
                        + "'; the nearest is '" + NearNames.nearest(name, factories.keySet()) + "', and "
                        + FACTORY_NAMES + " names further ones");
            }
            String setting = key.substring(dot + 1);
            if (setting.equals("xa")) {
                checkXa(name, factory);
            } else {
                FactorySettings.apply(factory, setting, entry.getValue(), key);
            }
        }
    }

    private void checkXa(String name, PosthornConnectionFactory factory) throws ConfigurationException {
        if (isXa(name) != factory instanceof PosthornXAConnectionFactory) {
            throw new ConfigurationException(FACTORY_SETTING + name + ".xa: only the factories that " + FACTORY_NAMES
                    + " names can be made XA with this; use xaConnectionFactory." + name + "=URL");
        }
    }

    private void readDestinations(String prefix, Function<String, Object> maker) throws ConfigurationException {
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            String key = entry.getKey();
            if (key.startsWith(prefix)) {
                if (entry.getValue().isEmpty()) {
                    throw new ConfigurationException(key + ": it has no value; give the name of the destination");
                }
                tree.put(key.substring(prefix.length()), maker.apply(entry.getValue()), key);
            }
        }
    }
}
