package io.posthorn.servers.faulty;

import jakarta.ejb.EJB;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** {@code /ready}: the application is deployed; {@code /failures} and {@code /served}: what the beans of these names hold. */
@WebServlet(urlPatterns = "/*", loadOnStartup = 1)
public class ReadyServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    @EJB
    private transient Failures failures;

    @EJB
    private transient Served served;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain;charset=UTF-8");
        response.getWriter().write(answerTo(String.valueOf(request.getPathInfo())));
    }

    private String answerTo(String path) {
        return switch (path) {
            case "/failures" -> failures.timesMs().toString();
            case "/served" -> served.texts().toString();
            default -> "ready";
        };
    }
}
