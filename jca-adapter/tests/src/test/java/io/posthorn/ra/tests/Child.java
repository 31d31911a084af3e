package io.posthorn.ra.tests;

import io.posthorn.ra.PosthornResourceAdapter;
import io.posthorn.ra.harness.Bean;
import io.posthorn.ra.harness.Container;
import io.posthorn.ra.harness.Pool;
import io.posthorn.ra.inbound.PosthornActivationSpec;
import io.posthorn.ra.outbound.PosthornManagedConnectionFactory;
import io.posthorn.testkit.process.Tether;
import io.posthorn.testkit.transaction.Coordinator;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.resource.ResourceException;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.TransactionSupport.TransactionSupportLevel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.transaction.xa.XAResource;

/** An application server in a process of its own: one that is killed in a transaction, or one that recovers after it. */
public final class Child {

    private Child() {}

    /** What a child does. */
    enum Task {
        /** Hangs when the adapter's branch is not prepared yet, or is, but nothing is decided. */
        HANG_IN_PREPARE,
        /** Hangs when all is prepared and decided. */
        HANG_IN_COMMIT,
        RECOVER
    }

    static Process start(Task task, String url, Path folder) throws IOException {
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Dxa.store=" + folder.resolve("store"),
                        Tether.class.getName(),
                        Child.class.getName(),
                        task.name(),
                        url,
                        folder.resolve("reached").toString()))
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
    }

    public static void main(String[] args) throws Exception {
        PosthornResourceAdapter adapter = new PosthornResourceAdapter();
        adapter.setUrl(args[1]);
        Container container = Container.start(adapter);
        PosthornActivationSpec spec = new PosthornActivationSpec();
        spec.setDestination("in");
        spec.setDestinationType("jakarta.jms.Queue");
        spec.setResourceAdapter(adapter);
        Path reached = Path.of(args[2]);
        switch (Task.valueOf(args[0])) {
            case HANG_IN_PREPARE -> work(adapter, spec, new Doorstop(Doorstop.Step.PREPARE, reached), false);
            case HANG_IN_COMMIT -> work(adapter, spec, new Doorstop(Doorstop.Step.COMMIT, reached), true);
            case RECOVER -> {
                XAResource[] resources = adapter.getXAResources(new ActivationSpec[] {spec});
                Coordinator.OF_THIS_JVM.recover(resources);
                container.close();
                Runtime.getRuntime().exit(0);
            }
        }
        new CountDownLatch(1).await();
    }

    private static void work(
            PosthornResourceAdapter adapter, PosthornActivationSpec spec, Doorstop doorstop, boolean doorstopFirst)
            throws ResourceException {
        PosthornManagedConnectionFactory managed = new PosthornManagedConnectionFactory();
        managed.setResourceAdapter(adapter);
        ConnectionFactory factory =
                (ConnectionFactory) managed.createConnectionFactory(new Pool(TransactionSupportLevel.XATransaction, 2));
        Bean bean = Bean.transacted(message -> {
            try (JMSContext context = factory.createContext()) {
                context.createProducer().send(context.createQueue("out"), message.getBody(String.class) + " done");
                if (!doorstopFirst) {
                    Coordinator.OF_THIS_JVM.transactions().getTransaction().enlistResource(doorstop);
                }
            } catch (JMSException e) {
                throw new IllegalStateException(e);
            } catch (Exception e) {
                throw new IllegalStateException("cannot enlist", e);
            }
        });
        adapter.endpointActivation(doorstopFirst ? bean.alongside(doorstop) : bean, spec);
    }
}
