package io.posthorn.ra;

import io.posthorn.ra.inbound.Endpoint;
import io.posthorn.ra.inbound.PosthornActivationSpec;
import io.posthorn.ra.inbound.Registration;
import io.posthorn.ra.inbound.Workshop;
import io.posthorn.ra.settings.Client;
import io.posthorn.ra.settings.ConnectionProperties;
import io.posthorn.ra.xa.Associations;
import io.posthorn.ra.xa.RecoveryResource;
import jakarta.resource.NotSupportedException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.BootstrapContext;
import jakarta.resource.spi.endpoint.MessageEndpointFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.transaction.xa.XAResource;

/** What lives between a start and a stop of the adapter. Safe from any thread; the monitor guards the collections only. */
final class Activations implements AutoCloseable {

    private final ConnectionProperties adapter;
    private final Workshop workshop;
    private final Associations associations = new Associations();
    private final Map<Endpoint, Registration> endpoints = new LinkedHashMap<>();
    private final Map<Client, RecoveryResource> recoveries = new LinkedHashMap<>();

    Activations(ConnectionProperties adapter, BootstrapContext context) {
        this.adapter = adapter;
        this.workshop = new Workshop(context);
    }

    Associations associations() {
        return associations;
    }

    void activate(MessageEndpointFactory beans, ActivationSpec spec) throws ResourceException {
        if (!(spec instanceof PosthornActivationSpec own)) {
            throw new NotSupportedException("an activation of another resource adapter: " + spec);
        }
        Endpoint endpoint = new Endpoint(beans, own, adapter, workshop, associations);
        Registration registration = new Registration(endpoint);
        synchronized (this) {
            endpoints.put(endpoint, registration);
        }
        endpoint.activate();
    }

    void deactivate(MessageEndpointFactory beans, ActivationSpec spec) {
        for (Endpoint endpoint : endpointsNow()) {
            if (endpoint.isOf(beans, spec)) {
                end(endpoint);
            }
        }
    }

    private void end(Endpoint endpoint) {
        Registration registration;
        synchronized (this) {
            registration = endpoints.remove(endpoint);
        }
        if (registration != null) {
            registration.close();
            endpoint.deactivate();
        }
    }

    private synchronized List<Endpoint> endpointsNow() {
        return new ArrayList<>(endpoints.keySet());
    }

    /** Those for the given activations, or for the adapter itself when there are none. */
    XAResource[] recoveryResources(ActivationSpec[] specs) {
        Set<Client> clients = new LinkedHashSet<>();
        if (specs != null) {
            for (ActivationSpec spec : specs) {
                if (spec instanceof PosthornActivationSpec own) {
                    clients.add(Client.of(adapter, own).anonymous());
                }
            }
        }
        if (clients.isEmpty()) {
            clients.add(Client.of(adapter).anonymous());
        }
        List<XAResource> found = new ArrayList<>();
        for (Client client : clients) {
            if (client.hasUrl()) {
                found.add(recovery(client));
            }
        }
        return found.toArray(XAResource[]::new);
    }

    private synchronized RecoveryResource recovery(Client client) {
        return recoveries.computeIfAbsent(client, key -> new RecoveryResource(key, () -> watch(key)));
    }

    /** Looks from time to time whether the connection is still needed, until it is not. */
    private void watch(Client client) {
        workshop.later(() -> closeIfIdle(client), RecoveryResource.IDLE_MS + 1);
    }

    private void closeIfIdle(Client client) {
        RecoveryResource resource;
        synchronized (this) {
            resource = recoveries.get(client);
        }
        if (resource != null && !resource.closeIfIdle()) {
            watch(client);
        }
    }

    @Override
    public void close() {
        endpointsNow().forEach(this::end);
        List<RecoveryResource> ending;
        synchronized (this) {
            ending = new ArrayList<>(recoveries.values());
            recoveries.clear();
        }
        ending.forEach(RecoveryResource::close);
        workshop.close();
    }
}
