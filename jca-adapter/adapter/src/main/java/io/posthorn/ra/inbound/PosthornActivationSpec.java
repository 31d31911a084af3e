package io.posthorn.ra.inbound;

import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAdapter;
import java.beans.IntrospectionException;
import java.beans.PropertyDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The configuration of one endpoint (Connectors 2.1 section 13.4.2 and JMS 3.1 section 13.1). What is wrong with it is told at deployment,
 * all at once.
 */
public final class PosthornActivationSpec extends EndpointProperties implements ActivationSpec {

    private static final long serialVersionUID = 1L;

    private transient ResourceAdapter adapter;

    public PosthornActivationSpec() {}

    @Override
    public void validate() throws InvalidPropertyException {
        check("the activation of a message-driven bean");
    }

    /** As {@link #validate()}; {@code whose} begins the text of the exception. */
    void check(String whose) throws InvalidPropertyException {
        List<SpecCheck.Problem> problems = SpecCheck.of(this);
        if (problems.isEmpty()) {
            return;
        }
        InvalidPropertyException failure = new InvalidPropertyException(whose + " is configured wrongly: "
                + problems.stream().map(SpecCheck.Problem::text).collect(Collectors.joining("; ")));
        failure.setInvalidPropertyDescriptors(descriptors(problems));
        throw failure;
    }

    private static PropertyDescriptor[] descriptors(List<SpecCheck.Problem> problems) {
        List<PropertyDescriptor> found = new ArrayList<>();
        for (SpecCheck.Problem problem : problems) {
            try {
                found.add(new PropertyDescriptor(problem.property(), PosthornActivationSpec.class));
            } catch (IntrospectionException e) {
                throw new IllegalStateException("a property without getter and setter: " + problem.property(), e);
            }
        }
        return found.toArray(PropertyDescriptor[]::new);
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
    public String toString() {
        return "PosthornActivationSpec[" + shown() + "]";
    }
}
