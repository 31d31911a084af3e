package io.posthorn.servers.application;

import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.ejb.SessionContext;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;

/** Sends in transactions that the container begins and ends. */
@Stateless
public class ContainerTransactions {

    @EJB
    private Courier courier;

    @Resource
    private SessionContext context;

    @TransactionAttribute(TransactionAttributeType.REQUIRED)
    public void send(Way way, String queue, String text) {
        courier.send(way, queue, text);
    }

    @TransactionAttribute(TransactionAttributeType.REQUIRED)
    public void sendAndRollBack(Way way, String queue, String text) {
        courier.send(way, queue, text);
        context.setRollbackOnly();
    }

    @TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
    public void sendWithout(Way way, String queue, String text) {
        courier.send(way, queue, text);
    }
}
