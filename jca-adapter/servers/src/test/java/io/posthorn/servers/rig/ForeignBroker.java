package io.posthorn.servers.rig;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import jakarta.jms.XAConnection;
import jakarta.jms.XAConnectionFactory;
import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.List;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;

/**
 * A broker of ActiveMQ Classic in this JVM, with nothing of Posthorn: for what a server cannot do with any adapter. It can hold back
 * commits: they wait, and are refused once that is over. Its classes come from the server's own folder or from its RAR, so it is
 * reached by reflection. Safe from any thread; the monitor guards the fields that change.
 */
public final class ForeignBroker implements AutoCloseable {

    private static final String FACTORY = "org.apache.activemq.ActiveMQConnectionFactory";
    private static final String XA_FACTORY = "org.apache.activemq.ActiveMQXAConnectionFactory";

    private final ClassLoader loader;
    private final Object service;
    private final String url;
    private boolean holding;
    private boolean held;

    private ForeignBroker(ClassLoader loader, String name) throws ReflectiveOperationException {
        this.loader = loader;
        Class<?> factory = loader.loadClass("org.apache.activemq.broker.BrokerFactory");
        service = factory.getMethod("createBroker", String.class, boolean.class)
                .invoke(null, "broker:(tcp://127.0.0.1:0)/" + name + "?persistent=false&useJmx=false", false);
        Object plugins = Array.newInstance(plugin(), 1);
        Array.set(plugins, 0, proxy(plugin(), (self, method, arguments) -> install(arguments[0])));
        service.getClass().getMethod("setPlugins", plugins.getClass()).invoke(service, plugins);
        call(service, "start");
        call(service, "waitUntilStarted");
        Object connector = ((List<?>) call(service, "getTransportConnectors")).get(0);
        url = "tcp://127.0.0.1:" + ((URI) call(connector, "getConnectUri")).getPort();
    }

    /** A broker, with the classes that this loader has. */
    static ForeignBroker start(ClassLoader loader, String name) {
        try {
            return new ForeignBroker(loader, name);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Cannot start a foreign broker", e);
        }
    }

    private Class<?> plugin() throws ClassNotFoundException {
        return loader.loadClass("org.apache.activemq.broker.BrokerPlugin");
    }

    private Object proxy(Class<?> type, Handler handler) {
        return Proxy.newProxyInstance(loader, new Class<?>[] {type}, handler::handle);
    }

    /** Stands before the broker. */
    private Object install(Object broker) throws ClassNotFoundException {
        return proxy(loader.loadClass("org.apache.activemq.broker.Broker"), (self, method, arguments) -> {
            if (method.getName().equals("commitTransaction")) {
                passOrWait();
            }
            try {
                return method.invoke(broker, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    private synchronized void passOrWait() throws InterruptedException {
        if (!holding) {
            return;
        }
        held = true;
        while (holding) {
            wait();
        }
        throw new IllegalStateException("The test held this commit back, and its sender is gone");
    }

    private static Object call(Object target, String method) throws ReflectiveOperationException {
        return target.getClass().getMethod(method).invoke(target);
    }

    String url() {
        return url;
    }

    /** From now on commits wait. */
    public synchronized void holdCommits() {
        held = false;
        holding = true;
    }

    /** Whether a commit came since {@link #holdCommits}. */
    public synchronized boolean isHeld() {
        return held;
    }

    /** Commits pass again; those that waited are refused. */
    public synchronized void release() {
        holding = false;
        notifyAll();
    }

    /** How many prepared branches nobody has decided. */
    public int inDoubtCount() {
        return withResource(resource -> branches(resource).length);
    }

    /** Commits all prepared branches, as an operator would. */
    public void commitInDoubt() {
        withResource(resource -> {
            for (Xid xid : branches(resource)) {
                resource.commit(xid, false);
            }
            return null;
        });
    }

    private static Xid[] branches(XAResource resource) throws XAException {
        return resource.recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN);
    }

    private <T> T withResource(Use<T> use) {
        try {
            XAConnection connection = ((XAConnectionFactory) factory(XA_FACTORY)).createXAConnection();
            try {
                return use.of(connection.createXASession().getXAResource());
            } finally {
                connection.close();
            }
        } catch (JMSException | XAException e) {
            throw new IllegalStateException("The foreign broker did not do as it was told", e);
        }
    }

    /** The text of the next message, or null when none comes. */
    public String receive(String queue, long timeoutMs) {
        try {
            Connection connection = ((ConnectionFactory) factory(FACTORY)).createConnection();
            try {
                connection.start();
                Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                Message message =
                        session.createConsumer(session.createQueue(queue)).receive(timeoutMs);
                return message == null ? null : ((TextMessage) message).getText();
            } finally {
                connection.close();
            }
        } catch (JMSException e) {
            throw new IllegalStateException("Cannot receive from the foreign broker", e);
        }
    }

    private Object factory(String type) {
        try {
            return loader.loadClass(type).getConstructor(String.class).newInstance(url);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("No client of the foreign broker", e);
        }
    }

    @Override
    public void close() {
        release();
        try {
            call(service, "stop");
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The foreign broker did not stop", e);
        }
    }

    /** What a proxy does. */
    @FunctionalInterface
    private interface Handler {
        Object handle(Object self, Method method, Object[] arguments) throws Throwable;
    }

    /** What is done with a resource manager. */
    @FunctionalInterface
    private interface Use<T> {
        T of(XAResource resource) throws XAException;
    }
}
