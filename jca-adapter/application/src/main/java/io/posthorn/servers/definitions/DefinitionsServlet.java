package io.posthorn.servers.definitions;

import jakarta.annotation.Resource;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSConnectionFactoryDefinition;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSDestinationDefinition;
import jakarta.jms.Queue;
import jakarta.jms.Topic;
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

/**
 * Sends to destinations, with a connection factory, that are defined right here: {@code /ready} and
 * {@code /send?text=T&outcome=commit|rollback}, which sends to the queue and to the topic in one transaction.
 *
 * <p>WildFly takes the class and the name of a destination only so; Open Liberty has another meaning for a property {@code name};
 * TomEE needs the class of the factory.
 *
 * <p>The test puts the server's real port in place of 17660.
 */
@WebServlet(urlPatterns = "/*", loadOnStartup = 1)
@JMSConnectionFactoryDefinition(
        name = "java:app/jms/DefinedFactory",
        interfaceName = "jakarta.jms.ConnectionFactory",
        className = "io.posthorn.ra.outbound.PosthornManagedConnectionFactory",
        resourceAdapter = "posthorn",
        user = "app",
        password = "secret",
        properties = "url=tcp://127.0.0.1:17660")
@JMSDestinationDefinition(
        name = "java:app/jms/DefinedQueue",
        interfaceName = "jakarta.jms.Queue",
        className = "io.posthorn.ra.admin.AdminQueue",
        resourceAdapter = "posthorn",
        destinationName = "it.defined",
        properties = "physicalName=it.defined")
@JMSDestinationDefinition(
        name = "java:app/jms/DefinedTopic",
        interfaceName = "jakarta.jms.Topic",
        className = "io.posthorn.ra.admin.AdminTopic",
        resourceAdapter = "posthorn",
        destinationName = "it.defined.news",
        properties = "physicalName=it.defined.news")
public class DefinitionsServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    @Resource(lookup = "java:app/jms/DefinedFactory")
    private transient ConnectionFactory factory;

    @Resource(lookup = "java:app/jms/DefinedQueue")
    private transient Queue queue;

    @Resource(lookup = "java:app/jms/DefinedTopic")
    private transient Topic topic;

    @Resource
    private transient UserTransaction transaction;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        if ("/send".equals(request.getPathInfo())) {
            try {
                send(request.getParameter("text"), "commit".equals(request.getParameter("outcome")));
            } catch (NotSupportedException
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

    private void send(String text, boolean commit)
            throws NotSupportedException, SystemException, RollbackException, HeuristicMixedException,
                    HeuristicRollbackException {
        transaction.begin();
        try (JMSContext jms = factory.createContext()) {
            jms.createProducer().send(queue, text);
            jms.createProducer().send(topic, text);
        }
        if (commit) {
            transaction.commit();
        } else {
            transaction.rollback();
        }
    }
}
