package io.posthorn.servers.application;

import jakarta.annotation.Resource;
import jakarta.ejb.EJB;
import jakarta.jms.ConnectionFactory;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import javax.naming.InitialContext;
import javax.naming.NamingException;

/**
 * Does what a test asks for: {@code /ready}, {@code /default-factory} (its class), {@code /diary?of=LISTENER}, {@code /request?text=T} and
 * {@code /send?transaction=container|user|none&outcome=commit|rollback&way=WAY&queue=Q&text=T}. Answers in plain text.
 */
@WebServlet(urlPatterns = "/*", loadOnStartup = 1)
@Resource(name = "jms/OtherFactory", type = ConnectionFactory.class)
public class CommandServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    @EJB
    private transient Diary diary;

    @EJB
    private transient ContainerTransactions containerTransactions;

    @EJB
    private transient UserTransactions userTransactions;

    @EJB
    private transient Requester requester;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        String answer;
        switch (request.getPathInfo() == null ? "" : request.getPathInfo()) {
            case "/ready" -> answer = "ready";
            case "/default-factory" -> answer = defaultFactory();
            case "/diary" -> answer = String.join("\n", diary.read(request.getParameter("of")));
            case "/request" -> answer = String.valueOf(requester.request(request.getParameter("text")));
            case "/send" -> answer = send(request);
            default -> {
                response.sendError(HttpServletResponse.SC_NOT_FOUND);
                return;
            }
        }
        response.setContentType("text/plain;charset=UTF-8");
        response.getWriter().write(answer);
    }

    private static String defaultFactory() throws ServletException {
        try {
            Object found = InitialContext.doLookup("java:comp/DefaultJMSConnectionFactory");
            return found.getClass().getName();
        } catch (NamingException e) {
            throw new ServletException(e);
        }
    }

    private String send(HttpServletRequest request) {
        Way way = Way.valueOf(request.getParameter("way"));
        String queue = request.getParameter("queue");
        String text = request.getParameter("text");
        boolean commit = !"rollback".equals(request.getParameter("outcome"));
        switch (request.getParameter("transaction")) {
            case "container" -> {
                if (commit) {
                    containerTransactions.send(way, queue, text);
                } else {
                    containerTransactions.sendAndRollBack(way, queue, text);
                }
            }
            case "user" -> {
                if (commit) {
                    userTransactions.send(way, queue, text);
                } else {
                    userTransactions.sendAndRollBack(way, queue, text);
                }
            }
            default -> containerTransactions.sendWithout(way, queue, text);
        }
        return "done";
    }
}
