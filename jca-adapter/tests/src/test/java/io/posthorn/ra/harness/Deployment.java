package io.posthorn.ra.harness;

import io.posthorn.ra.PosthornResourceAdapter;
import io.posthorn.ra.inbound.PosthornActivationSpec;
import io.posthorn.ra.outbound.PosthornManagedConnectionFactory;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.TransactionSupport.TransactionSupportLevel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** One deployment of adapter and application: starts, sends, receives and stops. Made by reflection in a class loader of its own. */
public final class Deployment implements Runnable {

    private static final int WAIT_S = 30;

    private final String url;
    private final ExecutorService threads;

    public Deployment(String url, ExecutorService threads) {
        this.url = url;
        this.threads = threads;
    }

    @Override
    public void run() {
        PosthornResourceAdapter adapter = new PosthornResourceAdapter();
        adapter.setUrl(url);
        CountDownLatch received = new CountDownLatch(1);
        try (Container container = Container.start(adapter, threads)) {
            PosthornActivationSpec spec = new PosthornActivationSpec();
            spec.setDestination("redeployed");
            spec.setDestinationType("jakarta.jms.Queue");
            spec.setMaxConcurrency(2);
            spec.setResourceAdapter(adapter);
            Bean bean = Bean.plain(message -> received.countDown());
            adapter.endpointActivation(bean, spec);
            send(adapter);
            if (!received.await(WAIT_S, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nothing was received within " + WAIT_S + " s from " + container);
            }
            adapter.endpointDeactivation(bean, spec);
        } catch (ResourceException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void send(PosthornResourceAdapter adapter) throws ResourceException {
        PosthornManagedConnectionFactory managed = new PosthornManagedConnectionFactory();
        managed.setResourceAdapter(adapter);
        Pool pool = new Pool(TransactionSupportLevel.NoTransaction, 1);
        ConnectionFactory factory = (ConnectionFactory) managed.createConnectionFactory(pool);
        try (JMSContext context = factory.createContext()) {
            context.createProducer().send(context.createQueue("redeployed"), "text");
        }
        pool.close();
    }
}
