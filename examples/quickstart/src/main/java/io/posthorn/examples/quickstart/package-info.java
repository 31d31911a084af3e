/**
 * Plain JMS code through a crash of the server: orders in a file become messages, messages become invoices.
 *
 * <p>Begin with {@link io.posthorn.examples.quickstart.OrderSender} and {@link io.posthorn.examples.quickstart.OrderInvoicer}, the two
 * applications: they use {@code jakarta.jms} and JNDI only. {@link io.posthorn.examples.quickstart.Quickstart} runs both, kills the
 * server while they work, and checks the invoices. Each application is one thread in a process of its own.
 */
package io.posthorn.examples.quickstart;
