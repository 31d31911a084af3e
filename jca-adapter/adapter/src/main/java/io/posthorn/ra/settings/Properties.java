package io.posthorn.ra.settings;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * A bean that a container fills in: properties by name, of which only those that were given are there. An empty text counts as not given,
 * since containers write one for a setting that is left open. The container sets properties before it uses the bean, and then nobody does.
 */
public abstract class Properties implements Serializable {

    private static final long serialVersionUID = 1L;

    private final TreeMap<String, Serializable> given = new TreeMap<>();

    protected Properties() {}

    protected final void put(String name, Serializable value) {
        if (value == null || value instanceof String text && text.isBlank()) {
            given.remove(name);
        } else {
            given.put(name, value instanceof String text ? text.strip() : value);
        }
    }

    protected final String text(String name) {
        return (String) given.get(name);
    }

    protected final Integer number(String name) {
        return (Integer) given.get(name);
    }

    protected final Boolean flag(String name) {
        return (Boolean) given.get(name);
    }

    /** What was given, by name. */
    final Map<String, Serializable> given() {
        return given;
    }

    /** Whether the same was given to both; for the equality of the beans that containers compare. */
    protected final boolean sameAs(Properties other) {
        return given.equals(other.given);
    }

    protected final int hashOfGiven() {
        return given.hashCode();
    }

    /** What was given, without what is secret. */
    protected final String shown() {
        StringBuilder text = new StringBuilder();
        given.forEach((name, value) -> text.append(text.length() == 0 ? "" : ", ")
                .append(name)
                .append('=')
                .append(name.endsWith("assword") ? "***" : String.valueOf(value)));
        return text.toString();
    }
}
