package io.posthorn.examples.jakartaee;

import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.ejb.Stateless;
import jakarta.inject.Inject;
import jakarta.jms.JMSContext;
import jakarta.jms.Queue;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Orders over REST. A {@code POST} is one transaction: its message is sent when the method returns, and only then. */
@Path("orders")
@Stateless
@Produces(MediaType.TEXT_PLAIN)
public class OrderResource {

    @Inject
    private JMSContext jms;

    @Resource(lookup = "java:/jms/orders")
    private Queue orders;

    @EJB
    private OrderBook book;

    @POST
    @Consumes({MediaType.TEXT_PLAIN, MediaType.APPLICATION_FORM_URLENCODED})
    public String order(String order) {
        jms.createProducer().send(orders, order);
        return "sent: " + order + "\n";
    }

    @GET
    public String confirmed() {
        return book.read();
    }
}
