package io.posthorn.examples.quickstart;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConsumer;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.JMSRuntimeException;
import jakarta.jms.Queue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Stream;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * Runs the two applications against a server in a third process, kills the server with {@code -9} while both are at work, starts it again
 * on its data, and checks that every order in the file led to exactly one invoice.
 */
public final class Quickstart {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);
    private static final Duration WORK_WITHIN = Duration.ofSeconds(120);
    private static final int READ_BACK_MS = 2_000;
    private static final int SHOWN = 5;

    private final long beginNs = System.nanoTime();
    private final Path serverJar;
    private final Path ordersFile;
    private final List<String> orders;

    private Quickstart(Path serverJar, Path ordersFile) throws IOException {
        this.serverJar = serverJar;
        this.ordersFile = ordersFile;
        List<String> lines = Files.readAllLines(ordersFile);
        this.orders = lines.subList(1, lines.size());
    }

    /**
     * Exit status 0 when every order was invoiced exactly once, 1 otherwise.
     *
     * @param args the runnable server jar, and the file of orders
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length != 2) {
            System.err.println("Usage: Quickstart SERVER_JAR ORDERS_FILE");
            System.exit(2);
        }
        Path folder = Files.createTempDirectory("posthorn-quickstart-");
        try {
            boolean clean = new Quickstart(Path.of(args[0]), Path.of(args[1])).run(folder);
            delete(folder);
            System.exit(clean ? 0 : 1);
        } catch (QuickstartException | IOException | NamingException | JMSException | JMSRuntimeException e) {
            System.err.println("The quickstart failed: " + (e instanceof QuickstartException ? e.getMessage() : e));
            System.err.println("Logs and data are kept in " + folder);
            System.exit(1);
        }
    }

    private boolean run(Path folder) throws IOException, InterruptedException, NamingException, JMSException {
        say("%d orders in %s; data and logs in %s", orders.size(), ordersFile.getFileName(), folder);
        try (Server server = new Server(serverJar, folder)) {
            say("server ready on port %d, process %d", server.port(), server.pid());
            work(server, folder);
            boolean clean = check(server);
            server.stop();
            return clean;
        }
    }

    private void work(Server server, Path folder) throws IOException, InterruptedException {
        try (Child invoicer = Child.application(OrderInvoicer.class, folder, server.url())) {
            invoicer.awaitReady(READY_WITHIN);
            say("invoicer waits for orders, process %d", invoicer.pid());
            try (Child sender = Child.application(OrderSender.class, folder, server.url(), ordersFile.toString())) {
                sender.awaitDone(1, READY_WITHIN);
                say("sender reads the file and sends, process %d", sender.pid());
                killHalfWay(server, sender, invoicer);
                sender.awaitEnd(WORK_WITHIN);
                say("sender is done: %d orders sent", sender.done());
            }
            invoicer.awaitEnd(WORK_WITHIN);
            say("invoicer is done: %d transactions committed", invoicer.done());
        }
    }

    private void killHalfWay(Server server, Child sender, Child invoicer) throws IOException, InterruptedException {
        sender.awaitDone(orders.size() / 2, WORK_WITHIN);
        invoicer.awaitDone(1, WORK_WITHIN);
        server.kill();
        int sent = sender.done();
        int invoiced = invoicer.done();
        if (sent == orders.size() || invoiced == orders.size()) {
            throw new QuickstartException("Both were to be at work when the server was killed, but " + sent
                    + " orders were sent and " + invoiced + " invoiced, of " + orders.size() + ": use a longer file");
        }
        say("kill -9 of the server, with %d orders sent and %d invoiced", sent, invoiced);
        server.start();
        say("server ready again on the same port and data, process %d; nobody told the other two", server.pid());
    }

    /** Reads the invoices back, with nothing but JMS, and holds them against the file. */
    private boolean check(Server server) throws NamingException, JMSException {
        Properties where = new Properties();
        where.put(Context.PROVIDER_URL, server.url());
        InitialContext jndi = new InitialContext(where);
        List<String> invoices = new ArrayList<>();
        boolean ordersLeft;
        try (JMSContext context = ((ConnectionFactory) jndi.lookup("ConnectionFactory")).createContext();
                JMSConsumer consumer = context.createConsumer((Queue) jndi.lookup("invoices"))) {
            for (String line = consumer.receiveBody(String.class, READ_BACK_MS);
                    line != null;
                    line = consumer.receiveBody(String.class, READ_BACK_MS)) {
                invoices.add(line);
            }
            ordersLeft = context.createBrowser((Queue) jndi.lookup("orders"))
                    .getEnumeration()
                    .hasMoreElements();
        }
        return report(Findings.compare(orders, invoices), invoices.size(), ordersLeft);
    }

    private boolean report(Findings findings, int count, boolean ordersLeft) {
        say(
                "%d invoices read back: %d orders missing, %d repeated, %d wrong; orders left in the queue: %s",
                count,
                findings.missing().size(),
                findings.repeated().size(),
                findings.wrong().size(),
                ordersLeft ? "some" : "none");
        boolean clean = findings.areClean() && !ordersLeft;
        if (clean) {
            say("every one of the %d orders was invoiced exactly once", orders.size());
        } else {
            say("FAILED: not every order was invoiced exactly once");
            show("missing", findings.missing());
            show("repeated", findings.repeated());
            show("wrong", findings.wrong());
        }
        return clean;
    }

    private void show(String what, List<String> found) {
        found.stream().limit(SHOWN).forEach(line -> say("  %s: %s", what, line));
    }

    private void say(String format, Object... values) {
        double seconds = (System.nanoTime() - beginNs) / 1e9;
        System.out.printf(Locale.ROOT, "%6.2f s  %s%n", seconds, String.format(Locale.ROOT, format, values));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
