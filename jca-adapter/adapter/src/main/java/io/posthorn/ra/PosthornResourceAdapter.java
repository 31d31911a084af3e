package io.posthorn.ra;

import io.posthorn.ra.settings.ConnectionProperties;
import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.ResourceAdapter;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import javax.transaction.xa.XAResource;

/** The resource adapter. */
public final class PosthornResourceAdapter extends ConnectionProperties implements ResourceAdapter {

    private static final long serialVersionUID = 1L;

    public PosthornResourceAdapter() {}

    @Override
    public void start(BootstrapContext context) {}

    @Override
    public void stop() {}

    @Override
    public void endpointActivation(MessageEndpointFactory endpoints, ActivationSpec spec) throws ResourceException {
        throw new NotSupportedException("not there yet");
    }

    @Override
    public void endpointDeactivation(MessageEndpointFactory endpoints, ActivationSpec spec) {}

    @Override
    public XAResource[] getXAResources(ActivationSpec[] specs) {
        return new XAResource[0];
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
