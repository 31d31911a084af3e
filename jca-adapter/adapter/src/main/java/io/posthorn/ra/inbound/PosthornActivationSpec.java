package io.posthorn.ra.inbound;

import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAdapter;

/** The configuration of one endpoint. */
public final class PosthornActivationSpec extends EndpointProperties implements ActivationSpec {

    private static final long serialVersionUID = 1L;

    private transient ResourceAdapter adapter;

    public PosthornActivationSpec() {}

    @Override
    public void validate() throws InvalidPropertyException {}

    @Override
    public ResourceAdapter getResourceAdapter() {
        return adapter;
    }

    @Override
    public void setResourceAdapter(ResourceAdapter value) {
        adapter = value;
    }
}
