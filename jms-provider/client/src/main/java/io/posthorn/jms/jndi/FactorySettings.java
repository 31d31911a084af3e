package io.posthorn.jms.jndi;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.jms.PosthornObjectFactory;
import io.posthorn.jms.PosthornXAConnectionFactory;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import javax.naming.ConfigurationException;
import javax.naming.Reference;
import javax.naming.StringRefAddr;

/**
 * The properties of a connection factory as text, for JNDI entries and for references. Names are read without regard to case:
 * {@code url} (or {@code brokerURL}), {@code user} (or {@code userName}), {@code password}, {@code clientID}, {@code
 * deserializationAllowList}.
 */
public final class FactorySettings {

    /** Names as they are shown in errors. */
    static final List<String> NAMES =
            List.of("url", "brokerURL", "user", "userName", "password", "clientID", "deserializationAllowList");

    private static final Map<String, BiConsumer<PosthornConnectionFactory, String>> SETTERS = Map.of(
            "url", PosthornConnectionFactory::setUrl,
            "brokerurl", PosthornConnectionFactory::setUrl,
            "user", PosthornConnectionFactory::setUser,
            "username", PosthornConnectionFactory::setUser,
            "password", PosthornConnectionFactory::setPassword,
            "clientid", PosthornConnectionFactory::setClientID,
            "deserializationallowlist", PosthornConnectionFactory::setDeserializationAllowList);

    private FactorySettings() {}

    /**
     * A factory of these attributes; without a URL it is that of the factory's no-argument constructor. {@code prefix} stands
     * before the name of an attribute in errors.
     */
    public static PosthornConnectionFactory factory(boolean xa, Map<String, String> attributes, String prefix)
            throws ConfigurationException {
        PosthornConnectionFactory factory = xa ? new PosthornXAConnectionFactory() : new PosthornConnectionFactory();
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            apply(factory, attribute.getKey(), attribute.getValue(), prefix + attribute.getKey());
        }
        return factory;
    }

    /** Sets one property; {@code key} is what the user wrote, for errors. */
    static void apply(PosthornConnectionFactory factory, String name, String value, String key)
            throws ConfigurationException {
        BiConsumer<PosthornConnectionFactory, String> setter = SETTERS.get(name.toLowerCase(Locale.ROOT));
        if (setter == null) {
            throw new ConfigurationException(key + ": a connection factory has no '" + name + "'; the nearest is '"
                    + NearNames.nearest(name, NAMES) + "'. Other settings are options of the URL");
        }
        try {
            setter.accept(factory, value);
        } catch (IllegalArgumentException e) {
            throw Failures.configuration(key, e);
        }
    }

    /** How a naming service stores a factory. */
    public static Reference reference(PosthornConnectionFactory factory) {
        Reference reference = new Reference(factory.getClass().getName(), PosthornObjectFactory.class.getName(), null);
        add(reference, "url", factory.getUrl());
        add(reference, "user", factory.getUser());
        add(reference, "password", factory.getPassword());
        add(reference, "clientID", factory.getClientID());
        add(reference, "deserializationAllowList", factory.getDeserializationAllowList());
        return reference;
    }

    private static void add(Reference reference, String name, String value) {
        if (value != null) {
            reference.add(new StringRefAddr(name, value));
        }
    }
}
