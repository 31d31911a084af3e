package io.posthorn.ra;

import io.posthorn.jms.connection.ConnectionOpener;
import io.posthorn.ra.settings.ConnectionProperties;
import io.posthorn.ra.xa.Associations;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.IllegalStateException;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import javax.transaction.xa.XAResource;

/**
 * The resource adapter (Connectors 2.1 chapter 5): what the container starts, tells of endpoints, and asks for recovery. Its properties hold
 * for all factories and endpoints that do not say otherwise. Starting it reaches no server. Two are equal when their properties are. Safe
 * from any thread.
 */
public final class PosthornResourceAdapter extends ConnectionProperties
        implements ResourceAdapter, Associations.Keeper {

    private static final long serialVersionUID = 1L;

    /** From start to stop; null otherwise. */
    private transient volatile Activations activations;

    public PosthornResourceAdapter() {}

    @Override
    public void start(BootstrapContext context) {
        Loggers.make();
        activations = new Activations(this, context);
    }

    /** Ends all endpoints; no thread and no connection of this adapter is left, but for those that applications still hold. */
    @Override
    public void stop() {
        Activations ending = activations;
        activations = null;
        if (ending != null) {
            ending.close();
        }
        ConnectionOpener.endUnusedThreads();
    }

    /** Returns at once: the endpoint connects in the background, and goes on trying. */
    @Override
    public void endpointActivation(MessageEndpointFactory endpoints, ActivationSpec spec) throws ResourceException {
        Activations current = activations;
        if (current == null) {
            throw new IllegalStateException("the resource adapter is not started");
        }
        current.activate(endpoints, spec);
    }

    /** Returns when the endpoint's beans have returned, within a bound. Without meaning for what is not active. */
    @Override
    public void endpointDeactivation(MessageEndpointFactory endpoints, ActivationSpec spec) {
        Activations current = activations;
        if (current != null) {
            current.deactivate(endpoints, spec);
        }
    }

    /** One for each server and user that the endpoints have, or the adapter's own; none of them is connected yet. Never null, never throws. */
    @Override
    public XAResource[] getXAResources(ActivationSpec[] specs) {
        Activations current = activations;
        return current == null ? new XAResource[0] : current.recoveryResources(specs);
    }

    /** For its factories, which are used while it is started. */
    @Override
    public Associations associations() {
        Activations current = activations;
        return current == null ? new Associations() : current.associations();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PosthornResourceAdapter that && sameAs(that);
    }

    @Override
    public int hashCode() {
        return hashOfGiven();
    }

    @Override
    public String toString() {
        return "PosthornResourceAdapter[" + shown() + "]";
    }
}
