package io.posthorn.ra.harness;

import io.posthorn.testkit.transaction.Coordinator;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConnectionEvent;
import jakarta.resource.spi.ConnectionEventListener;
import jakarta.resource.spi.ConnectionManager;
import jakarta.resource.spi.ConnectionRequestInfo;
import jakarta.resource.spi.LazyAssociatableConnectionManager;
import jakarta.resource.spi.LocalTransaction;
import jakarta.resource.spi.ManagedConnection;
import jakarta.resource.spi.ManagedConnectionFactory;
import jakarta.resource.spi.ResourceAllocationException;
import jakarta.resource.spi.TransactionSupport.TransactionSupportLevel;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.Transaction;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A pool as containers have it: bounded, shared within a transaction, and rid of connections that report an error. */
public final class Pool implements ConnectionManager, LazyAssociatableConnectionManager, ConnectionEventListener {

    private static final long serialVersionUID = 1L;
    private static final int WAIT_S = 20;

    private final transient TransactionSupportLevel level;
    private final transient Semaphore permits;
    private final transient Set<ManagedConnection> idle = new HashSet<>();
    private final transient Map<ManagedConnection, Integer> handles = new HashMap<>();
    private final transient Map<Transaction, ManagedConnection> enlisted = new HashMap<>();
    private transient int made;
    private transient int dropped;

    public Pool(TransactionSupportLevel level, int size) {
        this.level = level;
        this.permits = new Semaphore(size);
    }

    public synchronized int made() {
        return made;
    }

    /** Connections that were destroyed because they reported an error, or could not be cleaned up. */
    public synchronized int dropped() {
        return dropped;
    }

    public int free() {
        return permits.availablePermits();
    }

    public synchronized Set<ManagedConnection> inUse() {
        return new HashSet<>(handles.keySet());
    }

    public synchronized Set<ManagedConnection> idle() {
        return new HashSet<>(idle);
    }

    @Override
    public Object allocateConnection(ManagedConnectionFactory factory, ConnectionRequestInfo info)
            throws ResourceException {
        ManagedConnection connection = connection(factory, info);
        return connection.getConnection(null, info);
    }

    @Override
    public void associateConnection(Object handle, ManagedConnectionFactory factory, ConnectionRequestInfo info)
            throws ResourceException {
        connection(factory, info).associateConnection(handle);
    }

    @Override
    public void inactiveConnectionClosed(Object handle, ManagedConnectionFactory factory) {
        // Nothing is kept for a handle that has no connection.
    }

    private ManagedConnection connection(ManagedConnectionFactory factory, ConnectionRequestInfo info)
            throws ResourceException {
        try {
            Transaction transaction = level == TransactionSupportLevel.NoTransaction
                    ? null
                    : Coordinator.OF_THIS_JVM.transactions().getTransaction();
            synchronized (this) {
                ManagedConnection known = transaction == null ? null : enlisted.get(transaction);
                if (known != null) {
                    handles.merge(known, 1, Integer::sum);
                    return known;
                }
            }
            ManagedConnection connection = take(factory, info);
            if (transaction != null) {
                enlist(transaction, connection);
            }
            return connection;
        } catch (ResourceException e) {
            throw e;
        } catch (Exception e) {
            throw new ResourceAllocationException(e.getMessage(), e);
        }
    }

    private ManagedConnection take(ManagedConnectionFactory factory, ConnectionRequestInfo info) throws Exception {
        if (!permits.tryAcquire(WAIT_S, TimeUnit.SECONDS)) {
            throw new ResourceAllocationException("no connection is free within " + WAIT_S + " s");
        }
        try {
            ManagedConnection connection;
            synchronized (this) {
                connection = factory.matchManagedConnections(idle, null, info);
                idle.remove(connection);
            }
            if (connection == null) {
                connection = factory.createManagedConnection(null, info);
                connection.addConnectionEventListener(this);
                synchronized (this) {
                    made++;
                }
            }
            synchronized (this) {
                handles.put(connection, 1);
            }
            return connection;
        } catch (Exception e) {
            permits.release();
            throw e;
        }
    }

    private void enlist(Transaction transaction, ManagedConnection connection) throws Exception {
        if (level == TransactionSupportLevel.XATransaction) {
            transaction.enlistResource(connection.getXAResource());
        } else {
            connection.getLocalTransaction().begin();
        }
        synchronized (this) {
            enlisted.put(transaction, connection);
        }
        transaction.registerSynchronization(new Synchronization() {
            @Override
            public void beforeCompletion() {
                // The outcome comes after.
            }

            @Override
            public void afterCompletion(int status) {
                onCompleted(transaction, connection, status);
            }
        });
    }

    private void onCompleted(Transaction transaction, ManagedConnection connection, int status) {
        try {
            if (level == TransactionSupportLevel.LocalTransaction) {
                LocalTransaction local = connection.getLocalTransaction();
                if (status == Status.STATUS_COMMITTED) {
                    local.commit();
                } else {
                    local.rollback();
                }
            }
        } catch (ResourceException e) {
            throw new IllegalStateException(e);
        } finally {
            synchronized (this) {
                enlisted.remove(transaction);
            }
            giveBackIfUnused(connection);
        }
    }

    /** Takes the connection away from an idle handle, as some containers do between two uses. */
    public void takeBack(ManagedConnection connection) {
        synchronized (this) {
            handles.put(connection, 0);
        }
        giveBackIfUnused(connection);
    }

    @Override
    public void connectionClosed(ConnectionEvent event) {
        ManagedConnection connection = (ManagedConnection) event.getSource();
        synchronized (this) {
            handles.merge(connection, -1, Integer::sum);
        }
        giveBackIfUnused(connection);
    }

    private void giveBackIfUnused(ManagedConnection connection) {
        synchronized (this) {
            if (handles.getOrDefault(connection, -1) != 0 || enlisted.containsValue(connection)) {
                return;
            }
            handles.remove(connection);
        }
        try {
            connection.cleanup();
            synchronized (this) {
                idle.add(connection);
            }
            permits.release();
        } catch (ResourceException e) {
            drop(connection);
            permits.release();
        }
    }

    @Override
    public void connectionErrorOccurred(ConnectionEvent event) {
        ManagedConnection connection = (ManagedConnection) event.getSource();
        boolean taken;
        synchronized (this) {
            idle.remove(connection);
            taken = handles.remove(connection) != null;
        }
        drop(connection);
        if (taken) {
            permits.release();
        }
    }

    private void drop(ManagedConnection connection) {
        synchronized (this) {
            dropped++;
        }
        try {
            connection.destroy();
        } catch (ResourceException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void localTransactionStarted(ConnectionEvent event) {
        throw new IllegalStateException("only the container begins local transactions");
    }

    @Override
    public void localTransactionCommitted(ConnectionEvent event) {
        throw new IllegalStateException("only the container ends local transactions");
    }

    @Override
    public void localTransactionRolledback(ConnectionEvent event) {
        throw new IllegalStateException("only the container ends local transactions");
    }

    /** Destroys what is idle. */
    public void close() throws ResourceException {
        Set<ManagedConnection> all;
        synchronized (this) {
            all = new HashSet<>(idle);
            idle.clear();
        }
        for (ManagedConnection connection : all) {
            connection.destroy();
        }
    }
}
