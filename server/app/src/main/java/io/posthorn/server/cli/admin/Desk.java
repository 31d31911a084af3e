package io.posthorn.server.cli.admin;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import io.posthorn.admin.model.Outcome;
import io.posthorn.server.AdminPort;
import io.posthorn.server.config.Key;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Options that say which server is meant, and the way to it. */
final class Desk {

    private static final Gson GSON = new Gson();
    private static final String URL_DEFAULT = "http://127.0.0.1:7661";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    @Option(
            names = "--url",
            paramLabel = "URL",
            description =
                    "Where the server answers operators (default: what its data folder says, or " + URL_DEFAULT + ").")
    private String url;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder of the data of a server on this machine (default: ./posthorn-data, as for run).")
    private Path data;

    @Option(names = "--user", paramLabel = "NAME", description = "User, if the server has any.")
    private String user;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "File whose first line is the password; without it, it is asked for at the terminal.")
    private Path passwordFile;

    @Option(names = "--json", description = "Print the server's answer as JSON.")
    private boolean json;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    private String credentials;

    boolean isJson() {
        return json;
    }

    /** A path below {@code /api} with parameters; those that are null are left out. */
    static String path(List<String> parts, Map<String, Object> parameters) {
        List<String> encoded = new ArrayList<>();
        parts.forEach(part -> encoded.add(encode(part)));
        List<String> query = new ArrayList<>();
        parameters.forEach((name, value) -> {
            if (value != null) {
                query.add(name + "=" + encode(String.valueOf(value)));
            }
        });
        return "/api/" + String.join("/", encoded) + (query.isEmpty() ? "" : "?" + String.join("&", query));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Asks for something. */
    <T> T get(String path, Class<T> type) throws AdminException {
        return read(request("GET", path, null), type);
    }

    /** Asks for a list: its parts are of this type. Prints it and returns null when JSON is wanted. */
    <T> Listing<T> list(String path, Class<T> type) throws AdminException {
        JsonElement answer = request("GET", path, null);
        if (json) {
            print(answer.toString());
            return null;
        }
        JsonObject page = answer.getAsJsonObject();
        List<T> items = new ArrayList<>();
        page.getAsJsonArray("items").forEach(item -> items.add(GSON.fromJson(item, type)));
        JsonElement next = page.get("next");
        return new Listing<>(page.get("total").getAsLong(), items, next == null ? null : next.getAsString());
    }

    /** Part of a list; {@code next} is null at its end. */
    record Listing<T>(long total, List<T> items, String next) {}

    /** Says what was left out of a list. */
    void printRest(Listing<?> listing, String what) {
        if (listing.next() != null) {
            print(listing.items().size() + " of " + listing.total() + " " + what + "; more with --after '"
                    + listing.next().replace('\u0000', ' ') + "', or --limit");
        } else if (listing.items().isEmpty()) {
            print("There are no " + what + ".");
        }
    }

    /** The same for a list that has no parts. */
    void printTotal(Listing<?> listing, String what) {
        if (listing.items().size() < listing.total()) {
            print(listing.items().size() + " of " + listing.total() + " " + what);
        }
        printRest(listing, what);
    }

    /** Orders something, prints what was done, and returns the exit code: 1 when something was left undone. */
    int order(String method, String path, Object body) throws AdminException {
        JsonElement answer = request(method, path, body == null ? null : GSON.toJson(body));
        Outcome outcome = read(answer, Outcome.class);
        if (json) {
            print(answer.toString());
        } else {
            print(outcome.done() + ".");
            if (outcome.left() > 0) {
                print(outcome.left() + " stayed where they are:");
                outcome.reasons().forEach(reason -> print("  " + reason));
            }
        }
        return outcome.left() > 0 ? 1 : 0;
    }

    void printJson(Object answer) {
        print(GSON.toJson(answer));
    }

    void print(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }

    private static <T> T read(JsonElement answer, Class<T> type) {
        return GSON.fromJson(answer, type);
    }

    private JsonElement request(String method, String path, String body) throws AdminException {
        String server = server();
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(server, path))
                .header("X-Posthorn-Client", "posthorn")
                .header("Accept", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (user != null) {
            request.header("Authorization", "Basic " + credentials());
        }
        try {
            HttpResponse<String> response = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT_TIMEOUT)
                    .build()
                    .send(request.build(), BodyHandlers.ofString());
            return answer(server, response);
        } catch (ConnectException e) {
            throw new AdminException(
                    "no server answers at " + server + ". Start one, or say where it is with --url URL or --data DIR",
                    e);
        } catch (IOException e) {
            throw new AdminException("the server at " + server + " cannot be asked: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AdminException("interrupted while asking " + server, e);
        }
    }

    private static JsonElement answer(String server, HttpResponse<String> response) throws AdminException {
        JsonElement answer;
        try {
            answer = GSON.fromJson(response.body(), JsonElement.class);
        } catch (JsonParseException e) {
            throw new AdminException("what answers at " + server + " is not a Posthorn server", e);
        }
        if (answer == null) {
            throw new AdminException("what answers at " + server + " is not a Posthorn server");
        }
        if (response.statusCode() == 200) {
            return answer;
        }
        boolean says = answer.isJsonObject() && answer.getAsJsonObject().has("error");
        throw new AdminException(
                says ? answer.getAsJsonObject().get("error").getAsString() : "status " + response.statusCode(),
                response.statusCode());
    }

    private static URI uri(String server, String path) throws AdminException {
        try {
            return URI.create(server + path);
        } catch (IllegalArgumentException e) {
            throw new AdminException("'" + server + "' is not a URL: " + e.getMessage(), e);
        }
    }

    private String server() throws AdminException {
        if (url != null) {
            return url.replaceFirst("/+$", "");
        }
        Path file = (data == null ? Path.of(Key.DATA.defaultText()) : data).resolve(AdminPort.URL_FILE);
        if (Files.exists(file)) {
            return firstLine(file);
        }
        if (data != null) {
            throw new AdminException("no server that answers operators runs on " + data + ": there is no " + file);
        }
        return URL_DEFAULT;
    }

    private String credentials() throws AdminException {
        if (credentials == null) {
            String pair = user + ":" + password();
            credentials = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        }
        return credentials;
    }

    private String password() throws AdminException {
        if (passwordFile != null) {
            return firstLine(passwordFile);
        }
        Console console = System.console();
        char[] typed = console == null ? null : console.readPassword("Password for %s: ", user);
        if (typed == null) {
            throw new AdminException("there is no terminal to ask for the password at; give --password-file FILE");
        }
        return new String(typed);
    }

    private static String firstLine(Path file) throws AdminException {
        try {
            return Files.readString(file).lines().findFirst().orElse("");
        } catch (IOException e) {
            throw new AdminException(file + " cannot be read: " + e, e);
        }
    }
}
