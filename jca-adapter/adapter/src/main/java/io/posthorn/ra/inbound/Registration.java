package io.posthorn.ra.inbound;

import java.lang.management.ManagementFactory;
import java.util.UUID;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An endpoint's place in JMX. A container without one is no reason to fail. */
public final class Registration implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Registration.class);

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private ObjectName name;

    public Registration(Endpoint endpoint) {
        try {
            ObjectName wanted = new ObjectName("io.posthorn.ra:type=Endpoint,name="
                    + ObjectName.quote(endpoint.getName()) + ",id=" + UUID.randomUUID());
            server.registerMBean(new StandardMBean(endpoint, EndpointMXBean.class, true), wanted);
            name = wanted;
        } catch (JMException | SecurityException e) {
            LOG.info("{} is not visible in JMX: {}", endpoint, e.toString());
        }
    }

    @Override
    public void close() {
        if (name == null) {
            return;
        }
        try {
            server.unregisterMBean(name);
        } catch (JMException e) {
            LOG.debug("{} was gone from JMX already", name, e);
        }
        name = null;
    }
}
