package io.posthorn.servers.application;

import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.ejb.EJBException;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionManagement;
import jakarta.ejb.TransactionManagementType;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.SystemException;
import jakarta.transaction.UserTransaction;

/** Sends in transactions that the bean begins and ends itself. */
@Stateless
@TransactionManagement(TransactionManagementType.BEAN)
public class UserTransactions {

    @EJB
    private Courier courier;

    @Resource
    private UserTransaction transaction;

    public void send(Way way, String queue, String text) {
        run(way, queue, text, true);
    }

    public void sendAndRollBack(Way way, String queue, String text) {
        run(way, queue, text, false);
    }

    private void run(Way way, String queue, String text, boolean commit) {
        try {
            transaction.begin();
            courier.send(way, queue, text);
            if (commit) {
                transaction.commit();
            } else {
                transaction.rollback();
            }
        } catch (NotSupportedException
                | SystemException
                | RollbackException
                | HeuristicMixedException
                | HeuristicRollbackException e) {
            throw new EJBException(e);
        }
    }
}
