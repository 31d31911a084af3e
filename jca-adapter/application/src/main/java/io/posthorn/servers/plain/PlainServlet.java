package io.posthorn.servers.plain;

import jakarta.jms.ConnectionFactory;
import jakarta.jms.Destination;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * Answers the messages of the queue {@code jms/orders}, from the start of the application to its end, and publishes on the topic
 * {@code jms/news}: {@code /send?text=T}. {@code /ready} when it listens.
 */
@WebServlet(urlPatterns = "/*", loadOnStartup = 1)
public class PlainServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    private transient ConnectionFactory factory;
    private transient Destination orders;
    private transient Destination news;
    private transient JMSContext listening;

    @Override
    public void init() throws ServletException {
        try {
            Context environment = (Context) new InitialContext().lookup("java:comp/env");
            factory = (ConnectionFactory) environment.lookup("jms/Factory");
            orders = (Destination) environment.lookup("jms/orders");
            news = (Destination) environment.lookup("jms/news");
        } catch (NamingException e) {
            throw new ServletException(e);
        }
        listening = factory.createContext(JMSContext.SESSION_TRANSACTED);
        JMSContext session = listening;
        session.createConsumer(orders).setMessageListener(message -> answer(session, message));
    }

    private static void answer(JMSContext session, Message message) {
        try {
            session.createProducer().send(message.getJMSReplyTo(), "answer to " + message.getBody(String.class));
            session.commit();
        } catch (JMSException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if ("/send".equals(request.getPathInfo())) {
            try (JMSContext jms = factory.createContext()) {
                jms.createProducer().send(news, request.getParameter("text"));
            }
        }
        response.setContentType("text/plain;charset=UTF-8");
        response.getWriter().write("done");
    }

    @Override
    public void destroy() {
        listening.close();
    }
}
