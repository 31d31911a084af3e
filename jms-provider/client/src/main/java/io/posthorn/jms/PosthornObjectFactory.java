package io.posthorn.jms;

import io.posthorn.jms.jndi.FactorySettings;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.Queue;
import jakarta.jms.QueueConnectionFactory;
import jakarta.jms.Topic;
import jakarta.jms.TopicConnectionFactory;
import jakarta.jms.XAConnectionFactory;
import jakarta.jms.XAQueueConnectionFactory;
import jakarta.jms.XATopicConnectionFactory;
import java.util.Enumeration;
import java.util.Hashtable;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.naming.ConfigurationException;
import javax.naming.Context;
import javax.naming.Name;
import javax.naming.NamingException;
import javax.naming.RefAddr;
import javax.naming.Reference;
import javax.naming.spi.ObjectFactory;

/**
 * Makes connection factories and destinations from a {@link Reference}: those that our own objects give, stored in LDAP or
 * in files, and those that containers write from their configuration, such as Tomcat's {@code <Resource>}. Such a one names as
 * its type one of our classes or one of the JMS interfaces. Attributes of a destination: {@code physicalName} or {@code name}; of
 * a factory: those of {@link FactorySettings}. An attribute that is neither ours nor the container's is an error.
 */
public final class PosthornObjectFactory implements ObjectFactory {

    /** What containers add for themselves. */
    private static final Set<String> CONTAINER_ATTRIBUTES = Set.of(
            "auth",
            "closemethod",
            "description",
            "factory",
            "forcestring",
            "global",
            "jndi-name",
            "jndiname",
            "lookup-name",
            "override",
            "scope",
            "singleton",
            "type",
            "uniqueresourcename");

    private static final Map<String, Kind> KINDS = Map.ofEntries(
            Map.entry(PosthornQueue.class.getName(), Kind.QUEUE),
            Map.entry(Queue.class.getName(), Kind.QUEUE),
            Map.entry(PosthornTopic.class.getName(), Kind.TOPIC),
            Map.entry(Topic.class.getName(), Kind.TOPIC),
            Map.entry(PosthornConnectionFactory.class.getName(), Kind.FACTORY),
            Map.entry(ConnectionFactory.class.getName(), Kind.FACTORY),
            Map.entry(QueueConnectionFactory.class.getName(), Kind.FACTORY),
            Map.entry(TopicConnectionFactory.class.getName(), Kind.FACTORY),
            Map.entry(PosthornXAConnectionFactory.class.getName(), Kind.XA_FACTORY),
            Map.entry(XAConnectionFactory.class.getName(), Kind.XA_FACTORY),
            Map.entry(XAQueueConnectionFactory.class.getName(), Kind.XA_FACTORY),
            Map.entry(XATopicConnectionFactory.class.getName(), Kind.XA_FACTORY));

    private enum Kind {
        QUEUE,
        TOPIC,
        FACTORY,
        XA_FACTORY
    }

    /** Null for what is not ours, so that the next object factory is asked. */
    @Override
    public Object getObjectInstance(Object object, Name name, Context context, Hashtable<?, ?> environment)
            throws NamingException {
        if (!(object instanceof Reference reference)) {
            return null;
        }
        Kind kind = KINDS.get(reference.getClassName());
        if (kind == null) {
            return null;
        }
        Map<String, String> attributes = attributesOf(reference);
        return switch (kind) {
            case QUEUE -> new PosthornQueue(nameIn(attributes, reference));
            case TOPIC -> new PosthornTopic(nameIn(attributes, reference));
            case FACTORY -> FactorySettings.factory(false, attributes, "attribute ");
            case XA_FACTORY -> FactorySettings.factory(true, attributes, "attribute ");
        };
    }

    private static Map<String, String> attributesOf(Reference reference) {
        Map<String, String> attributes = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        Enumeration<RefAddr> all = reference.getAll();
        while (all.hasMoreElements()) {
            RefAddr attribute = all.nextElement();
            boolean container =
                    CONTAINER_ATTRIBUTES.contains(attribute.getType().toLowerCase(Locale.ROOT));
            if (!container && attribute.getContent() != null) {
                attributes.put(attribute.getType(), attribute.getContent().toString());
            }
        }
        return attributes;
    }

    private static String nameIn(Map<String, String> attributes, Reference reference) throws ConfigurationException {
        String found = null;
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            String key = attribute.getKey();
            if (!key.equalsIgnoreCase(PosthornDestination.NAME_ATTRIBUTE) && !key.equalsIgnoreCase("name")) {
                throw new ConfigurationException("attribute " + key + " is unknown for a " + reference.getClassName()
                        + "; it takes " + PosthornDestination.NAME_ATTRIBUTE);
            }
            if (found == null || key.equalsIgnoreCase(PosthornDestination.NAME_ATTRIBUTE)) {
                found = attribute.getValue();
            }
        }
        if (found == null || found.isBlank()) {
            throw new ConfigurationException("attribute " + PosthornDestination.NAME_ATTRIBUTE + " of a "
                    + reference.getClassName() + " is missing: it holds the name of the destination");
        }
        return found.strip();
    }
}
