package io.posthorn.ra.outbound;

import io.posthorn.jms.PosthornXAConnectionFactory;
import io.posthorn.ra.handle.ConnectionRequest;
import io.posthorn.ra.handle.FactoryHandle;
import io.posthorn.ra.settings.Client;
import io.posthorn.ra.settings.ConnectionProperties;
import io.posthorn.ra.xa.Associations;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.CommException;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.ResourceAdapterAssociation;
import jakarta.resource.spi.SecurityException;
import jakarta.resource.spi.ValidatingManagedConnectionFactory;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import javax.security.auth.Subject;

/**
 * Makes the managed connections behind a {@code jakarta.jms.ConnectionFactory} (Connectors 2.1 chapter 6). Its properties take the place of
 * the resource adapter's; user and password of the container, then of the application, take the place of both. Two are equal when their
 * kind, properties and resource adapter are. Settings are read each time that a connection is made.
 */
public class PosthornManagedConnectionFactory extends ConnectionProperties
        implements ManagedConnectionFactory, ResourceAdapterAssociation, ValidatingManagedConnectionFactory {

    private static final long serialVersionUID = 1L;

    /** Goes with this one into a file: ours is serialisable, and nobody else's may be here. */
    @SuppressWarnings("serial")
    private ResourceAdapter adapter;

    private transient PrintWriter logWriter;

    public PosthornManagedConnectionFactory() {}

    @Override
    public Object createConnectionFactory(ConnectionManager manager) {
        return new FactoryHandle(this, manager);
    }

    /** For use outside of a container: the client's own factory, with all that it may do there. */
    @Override
    public Object createConnectionFactory() throws ResourceException {
        return client().factory();
    }

    @Override
    public ManagedConnection createManagedConnection(Subject subject, ConnectionRequestInfo info)
            throws ResourceException {
        ConnectionRequest login = login(subject, info);
        PosthornXAConnectionFactory factory = client().factory();
        try {
            return new PosthornManagedConnection(
                    this, login, factory.createXAConnection(login.userName(), login.password()));
        } catch (JMSSecurityException e) {
            throw new SecurityException(e.getMessage(), e);
        } catch (JMSException e) {
            throw new CommException(e.getMessage(), e);
        }
    }

    @Override
    @SuppressWarnings("rawtypes")
    public ManagedConnection matchManagedConnections(Set candidates, Subject subject, ConnectionRequestInfo info)
            throws ResourceException {
        ConnectionRequest login = login(subject, info);
        for (Object candidate : candidates) {
            if (candidate instanceof PosthornManagedConnection connection && connection.serves(this, login)) {
                return connection;
            }
        }
        return null;
    }

    /** Those whose connection is lost for good. */
    @Override
    @SuppressWarnings("rawtypes")
    public Set getInvalidConnections(Set candidates) {
        Set<Object> invalid = new HashSet<>();
        for (Object candidate : candidates) {
            if (candidate instanceof PosthornManagedConnection connection && connection.isLost()) {
                invalid.add(connection);
            }
        }
        return invalid;
    }

    /** Who is to be logged in: whom the container says, otherwise whom the application says, otherwise who is configured. */
    ConnectionRequest login(Subject subject, ConnectionRequestInfo info) throws ResourceException {
        ConnectionRequest given = Credentials.in(subject, this);
        if (given == null && info instanceof ConnectionRequest asked && asked.userName() != null) {
            given = asked;
        }
        return given == null ? new ConnectionRequest(client().userName(), client().password()) : given;
    }

    private Client client() {
        return Client.of(adapterProperties(), this);
    }

    /** The resource adapter's part of the settings, or null. */
    public final ConnectionProperties adapterProperties() {
        return adapter instanceof ConnectionProperties properties ? properties : null;
    }

    final Associations associations() {
        return adapter instanceof Associations.Keeper keeper ? keeper.associations() : new Associations();
    }

    @Override
    public PrintWriter getLogWriter() {
        return logWriter;
    }

    /** Kept for the container; the adapter logs as the client does. */
    @Override
    public void setLogWriter(PrintWriter writer) {
        logWriter = writer;
    }

    @Override
    public ResourceAdapter getResourceAdapter() {
        return adapter;
    }

    @Override
    public void setResourceAdapter(ResourceAdapter value) {
        adapter = value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PosthornManagedConnectionFactory that
                && getClass().equals(that.getClass())
                && sameAs(that)
                && Objects.equals(adapter, that.adapter);
    }

    @Override
    public int hashCode() {
        return 31 * getClass().hashCode() + hashOfGiven();
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + "[" + shown() + "]";
    }
}
