package io.posthorn.ra.admin;

import io.posthorn.jms.PosthornTopic;
import jakarta.resource.Referenceable;
import javax.naming.NamingException;
import javax.naming.Reference;

/** A topic as an administered object: a bean with a name, which a container binds in its naming service. */
public final class AdminTopic extends PosthornTopic implements Referenceable {

    private static final long serialVersionUID = 1L;

    private Reference reference;

    public AdminTopic() {}

    public String getPhysicalName() {
        return getName();
    }

    /** Another name of {@code name}. */
    public void setPhysicalName(String name) {
        setName(name);
    }

    /** How the container will find this object again. */
    @Override
    public void setReference(Reference value) {
        reference = value;
    }

    /** The container's reference, or one that the client's own object factory understands. */
    @Override
    public Reference getReference() throws NamingException {
        return reference == null ? new PosthornTopic(getName()).getReference() : reference;
    }
}
