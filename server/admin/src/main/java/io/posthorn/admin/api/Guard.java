package io.posthorn.admin.api;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.posthorn.admin.AdminHost;
import io.posthorn.broker.Login;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Decides who may ask. Credentials are those of the broker's users; without users, everybody who reaches the port may, as
 * with the broker. A browser carries requests of pages that its user happens to see, so what a page could send is refused:
 * requests with a foreign origin, requests to a name that is not this server's (it may be a foreign one that was pointed
 * here), and changes without the header {@value #HEADER}, which no page can set unasked.
 */
public final class Guard {

    /** Any value will do. */
    public static final String HEADER = "X-Posthorn-Client";

    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-fA-F:.%]+\\]");

    private final AdminHost host;
    private final String ownName;

    public Guard(AdminHost host, String ownName) {
        this.host = host;
        this.ownName = ownName;
    }

    Login admit(HttpExchange exchange) throws Problem {
        Headers headers = exchange.getRequestHeaders();
        String named = headers.getFirst("Host");
        checkHost(named);
        String origin = headers.getFirst("Origin");
        String site = headers.getFirst("Sec-Fetch-Site");
        boolean foreign = (origin != null && !origin.equals("http://" + named) && !origin.equals("https://" + named))
                || (site != null && !site.equals("same-origin") && !site.equals("none"));
        if (foreign) {
            throw new Problem(403, "requests of pages from elsewhere are not taken");
        }
        boolean changes = !exchange.getRequestMethod().equals("GET");
        if (changes && headers.getFirst(HEADER) == null) {
            throw new Problem(403, "a request that changes something needs the header " + HEADER);
        }
        return login(exchange, headers.getFirst("Authorization"));
    }

    private void checkHost(String named) throws Problem {
        String name = named == null ? "" : named.replaceFirst(":\\d+$", "");
        boolean mine = name.equalsIgnoreCase("localhost")
                || name.equalsIgnoreCase(ownName)
                || ADDRESS.matcher(name).matches();
        if (!mine) {
            throw new Problem(
                    421,
                    "this server is not '" + name + "': use its address, localhost, or the name that admin.host says");
        }
    }

    private Login login(HttpExchange exchange, String authorization) throws Problem {
        if (authorization == null) {
            if (host.hasUsers()) {
                throw new Problem(401, "user name and password are needed (--user NAME)");
            }
            return new Login("", Login.Permissions.ALL);
        }
        String[] words = authorization.split(" ", 2);
        if (words.length < 2 || !words[0].toLowerCase(Locale.ROOT).equals("basic")) {
            throw new Problem(401, "only basic authentication is known");
        }
        String pair = decode(words[1]);
        int colon = pair.indexOf(':');
        if (colon < 1) {
            throw new Problem(401, "user name and password are needed (--user NAME)");
        }
        return Answers.await(
                host.login(pair.substring(0, colon), pair.substring(colon + 1), exchange.getRemoteAddress()));
    }

    private static String decode(String base64) throws Problem {
        try {
            return new String(Base64.getDecoder().decode(base64.strip()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException wrong) {
            throw new Problem(401, "the credentials are not in base64: " + wrong.getMessage());
        }
    }
}
