package io.posthorn.servers.defining;

import jakarta.annotation.Resource;
import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConnectionFactoryDefinition;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.SystemException;
import jakarta.transaction.UserTransaction;
import java.io.IOException;

/** {@code /ready}, and {@code /send?text=T}, which sends to the queue {@code out} of both brokers in one transaction. */
@WebServlet(urlPatterns = "/*", loadOnStartup = 1)
@JMSConnectionFactoryDefinition(
        name = "java:app/jms/DefinedFactory",
        interfaceName = "jakarta.jms.ConnectionFactory",
        resourceAdapter = "first")
public class DefiningServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    @Resource(lookup = "java:app/jms/DefinedFactory")
    private transient ConnectionFactory first;

    @Resource(name = "jms/Second")
    private transient ConnectionFactory second;

    @Resource
    private transient UserTransaction transaction;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        if ("/send".equals(request.getPathInfo())) {
            try {
                transaction.begin();
                send(first, request.getParameter("text"));
                send(second, request.getParameter("text"));
                transaction.commit();
            } catch (JMSException
                    | NotSupportedException
                    | SystemException
                    | RollbackException
                    | HeuristicMixedException
                    | HeuristicRollbackException e) {
                throw new ServletException(e);
            }
        }
        response.setContentType("text/plain;charset=UTF-8");
        response.getWriter().write("done");
    }

    private static void send(ConnectionFactory factory, String text) throws JMSException {
        try (Connection connection = factory.createConnection();
                Session session = connection.createSession(true, Session.SESSION_TRANSACTED)) {
            session.createProducer(session.createQueue("out")).send(session.createTextMessage(text));
        }
    }
}
