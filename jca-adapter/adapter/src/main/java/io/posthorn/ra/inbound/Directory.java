package io.posthorn.ra.inbound;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.jms.PosthornQueue;
import io.posthorn.jms.PosthornTopic;
import io.posthorn.ra.handle.FactoryHandle;
import io.posthorn.ra.inbound.SpecCheck.Kind;
import io.posthorn.ra.settings.ConnectionProperties;
import jakarta.jms.Destination;
import jakarta.jms.Queue;
import jakarta.jms.Topic;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.InvalidPropertyException;
import java.util.Locale;
import java.util.concurrent.Callable;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what an activation names: in the naming service, with the endpoint's class loader, and the rest by its name at the server. In this
 * order: {@code destinationLookup}; {@code destination} in the naming service, unless {@code useJndi=false}; {@code destination} as the name
 * at the server, unless {@code useJndi=true} or it begins with {@code java:}.
 */
final class Directory {

    private static final Logger LOG = LoggerFactory.getLogger(Directory.class);

    private final EndpointProperties spec;
    private final ClassLoader loader;

    Directory(EndpointProperties spec, ClassLoader loader) {
        this.spec = spec;
        this.loader = loader;
    }

    /**
     * The queue or topic.
     *
     * @throws NamingException when it is not bound, perhaps not yet
     * @throws ResourceException when what is bound is something else, or it cannot be told whether it is a queue or a topic
     */
    Destination destination() throws NamingException, ResourceException {
        if (spec.getDestinationLookup() != null) {
            return checked(lookUp(spec.getDestinationLookup()), "destinationLookup", spec.getDestinationLookup());
        }
        String name = spec.getDestination();
        if (!Boolean.FALSE.equals(spec.getUseJndi())) {
            boolean onlyThere = Boolean.TRUE.equals(spec.getUseJndi()) || name.startsWith("java:");
            try {
                Object found = lookUp(name);
                if (onlyThere || found instanceof Destination) {
                    return checked(found, "destination", name);
                }
            } catch (NamingException e) {
                if (onlyThere) {
                    throw e;
                }
                LOG.debug("'{}' is not bound, so it is a name at the server", name, e);
            }
        }
        Kind kind = SpecCheck.kindOf(spec.getDestinationType());
        if (kind == null) {
            throw new InvalidPropertyException(
                    "destinationType is not set, and destination '" + name
                            + "' is not bound in the naming service, which would tell; accepted: jakarta.jms.Queue or jakarta.jms.Topic");
        }
        return kind == Kind.TOPIC ? new PosthornTopic(name) : new PosthornQueue(name);
    }

    private Destination checked(Object found, String property, String name) throws ResourceException {
        Kind kind = SpecCheck.kindOf(spec.getDestinationType());
        boolean matches = kind == Kind.TOPIC
                ? found instanceof Topic
                : kind == Kind.QUEUE ? found instanceof Queue : found instanceof Destination;
        if (!matches) {
            throw new InvalidPropertyException(property + " '" + name + "' leads to "
                    + (found == null ? "nothing" : "a " + found.getClass().getName()) + ", which is no "
                    + (kind == null ? "queue or topic" : kind.name().toLowerCase(Locale.ROOT)));
        }
        return (Destination) found;
    }

    /** The settings of the factory that {@code connectionFactoryLookup} names, or null when it is not set. */
    ConnectionProperties factorySettings() throws NamingException, ResourceException {
        String name = spec.getConnectionFactoryLookup();
        if (name == null) {
            return null;
        }
        Object found = lookUp(name);
        if (found instanceof FactoryHandle handle && handle.managedFactory() instanceof ConnectionProperties settings) {
            return settings;
        }
        if (found instanceof PosthornConnectionFactory factory) {
            return settingsOf(factory);
        }
        throw new InvalidPropertyException("connectionFactoryLookup '" + name + "' leads to a "
                + (found == null ? null : found.getClass().getName()) + "; accepted: a connection factory of Posthorn");
    }

    private static ConnectionProperties settingsOf(PosthornConnectionFactory factory) {
        PosthornActivationSpec settings = new PosthornActivationSpec();
        settings.setUrl(factory.getUrl());
        settings.setUserName(factory.getUser());
        settings.setPassword(factory.getPassword());
        settings.setClientId(factory.getClientID());
        settings.setDeserializationAllowList(factory.getDeserializationAllowList());
        return settings;
    }

    private Object lookUp(String name) throws NamingException {
        return inLoader(() -> {
            InitialContext context = new InitialContext();
            try {
                return context.lookup(name);
            } finally {
                context.close();
            }
        });
    }

    private Object inLoader(Callable<Object> look) throws NamingException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return look.call();
        } catch (NamingException e) {
            throw e;
        } catch (Exception e) {
            // Some naming services do so for names that cannot be theirs.
            NamingException failure = new NamingException(e.toString());
            failure.initCause(e);
            throw failure;
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
