package io.posthorn.ra.harness;

import io.posthorn.testkit.transaction.Coordinator;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ApplicationServerInternalException;
import jakarta.resource.spi.UnavailableException;
import jakarta.resource.spi.endpoint.MessageEndpoint;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionManager;
import java.lang.reflect.Method;
import java.util.concurrent.atomic.AtomicInteger;
import javax.transaction.xa.XAResource;

/** A message-driven bean: what it does, whether in a transaction, and how many instances there may be. */
public final class Bean implements MessageEndpointFactory {

    private final String name;
    private final MessageListener code;
    private final boolean transacted;
    private final AtomicInteger room;
    private final AtomicInteger inUse = new AtomicInteger();
    private volatile XAResource alongside;

    private Bean(String name, MessageListener code, boolean transacted, int instancesMax) {
        this.name = name;
        this.code = code;
        this.transacted = transacted;
        this.room = new AtomicInteger(instancesMax);
    }

    public static Bean transacted(MessageListener code) {
        return new Bean("app/Bean", code, true, Integer.MAX_VALUE);
    }

    public static Bean plain(MessageListener code) {
        return new Bean("app/Bean", code, false, Integer.MAX_VALUE);
    }

    /** The same for which the container has another name. */
    public Bean named(String activationName) {
        return new Bean(activationName, code, transacted, room.get());
    }

    /** The same with few instances, to which more can be added. */
    public Bean withInstances(int count) {
        return new Bean(name, code, transacted, count);
    }

    /** Another resource, which is enlisted before the adapter's. */
    public Bean alongside(XAResource resource) {
        alongside = resource;
        return this;
    }

    public void addInstances(int count) {
        room.addAndGet(count);
    }

    /** Endpoints that were created and not released. */
    public int inUse() {
        return inUse.get();
    }

    @Override
    public MessageEndpoint createEndpoint(XAResource resource) throws UnavailableException {
        if (inUse.incrementAndGet() > room.get()) {
            inUse.decrementAndGet();
            throw new UnavailableException("no instance is free");
        }
        return new Instance(resource);
    }

    @Override
    public MessageEndpoint createEndpoint(XAResource resource, long timeoutMs) throws UnavailableException {
        return createEndpoint(resource);
    }

    @Override
    public boolean isDeliveryTransacted(Method method) {
        return transacted;
    }

    @Override
    public String getActivationName() {
        return name;
    }

    @Override
    public Class<?> getEndpointClass() {
        return Bean.class;
    }

    /** One instance behind its proxy. */
    private final class Instance implements MessageEndpoint, MessageListener {

        private final XAResource resource;
        private final TransactionManager transactions = transacted ? Coordinator.OF_THIS_JVM.transactions() : null;

        Instance(XAResource resource) {
            this.resource = resource;
        }

        @Override
        public void beforeDelivery(Method method) throws ResourceException {
            try {
                transactions.begin();
                if (alongside != null) {
                    transactions.getTransaction().enlistResource(alongside);
                }
                if (!transactions.getTransaction().enlistResource(resource)) {
                    throw new ApplicationServerInternalException("not enlisted");
                }
            } catch (Exception e) {
                abandon();
                throw new ApplicationServerInternalException(e.getMessage(), e);
            }
        }

        private void abandon() throws ResourceException {
            try {
                transactions.rollback();
            } catch (Exception e) {
                throw new ApplicationServerInternalException(e.getMessage(), e);
            }
        }

        @Override
        public void onMessage(Message message) {
            try {
                code.onMessage(message);
            } catch (RuntimeException e) {
                if (transacted) {
                    try {
                        transactions.setRollbackOnly();
                    } catch (Exception unexpected) {
                        e.addSuppressed(unexpected);
                    }
                }
                throw e;
            }
        }

        @Override
        public void afterDelivery() throws ResourceException {
            try {
                if (transactions.getStatus() == Status.STATUS_MARKED_ROLLBACK) {
                    transactions.rollback();
                } else {
                    transactions.commit();
                }
            } catch (Exception e) {
                throw new ApplicationServerInternalException(e.getMessage(), e);
            }
        }

        @Override
        public void release() {
            inUse.decrementAndGet();
        }
    }
}
