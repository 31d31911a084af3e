package io.posthorn.jms.jndi;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.naming.ConfigurationException;

/** Names and what is bound to them, where a slash makes a subcontext. Filled once, then only read. */
final class NameTree {

    /** What stands below: a {@link NameTree}, or a bound object. */
    private final Map<String, Object> children = new TreeMap<>();

    /** The key of the environment that bound each child, for errors. */
    private final Map<String, String> keys = new TreeMap<>();

    /** Binds an object; {@code key} is the entry that says so. */
    void put(String name, Object value, String key) throws ConfigurationException {
        List<String> parts = new ArrayList<>();
        for (String part : name.split("/", -1)) {
            if (!part.isEmpty()) {
                parts.add(part);
            }
        }
        if (parts.isEmpty()) {
            throw new ConfigurationException(key + ": there is no name after the first dot");
        }
        NameTree tree = this;
        for (String part : parts.subList(0, parts.size() - 1)) {
            Object next = tree.children.get(part);
            if (next != null && !(next instanceof NameTree)) {
                throw clash(name, key, tree.keys.get(part));
            }
            if (next == null) {
                next = new NameTree();
                tree.children.put(part, next);
                tree.keys.put(part, key);
            }
            tree = (NameTree) next;
        }
        String last = parts.get(parts.size() - 1);
        if (tree.children.putIfAbsent(last, value) != null) {
            throw clash(name, key, tree.keys.get(last));
        }
        tree.keys.put(last, key);
    }

    private static ConfigurationException clash(String name, String key, String other) {
        return new ConfigurationException(key + ": the name '" + name + "' clashes with that of " + other
                + "; a name is one object, and none that has names below it");
    }

    /** A {@link NameTree}, a bound object, or null. */
    Object get(String part) {
        return children.get(part);
    }

    Map<String, Object> children() {
        return children;
    }

    /** All names down from here, with slashes. */
    List<String> allNames() {
        List<String> names = new ArrayList<>();
        collect("", names);
        return names;
    }

    private void collect(String prefix, List<String> names) {
        children.forEach((part, child) -> {
            if (child instanceof NameTree tree) {
                tree.collect(prefix + part + "/", names);
            } else {
                names.add(prefix + part);
            }
        });
    }
}
