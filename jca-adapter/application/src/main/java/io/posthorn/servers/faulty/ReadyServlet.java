package io.posthorn.servers.faulty;

import jakarta.ejb.EJB;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** {@code /ready}: the application is deployed; {@code /failures}: the times of {@link Failures}. */
@WebServlet(urlPatterns = "/*", loadOnStartup = 1)
public class ReadyServlet extends HttpServlet {

    private static final long serialVersionUID = 1;

    @EJB
    private transient Failures failures;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain;charset=UTF-8");
        boolean asked = "/failures".equals(request.getPathInfo());
        response.getWriter().write(asked ? failures.timesMs().toString() : "ready");
    }
}
