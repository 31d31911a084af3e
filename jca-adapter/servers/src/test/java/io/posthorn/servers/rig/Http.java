package io.posthorn.servers.rig;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Asks applications of the server under test. */
public final class Http {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int OK = 200;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port;

    Http(int port) {
        this.port = port;
    }

    /** The body of a page: {@code get("/application/diary", "of", "orders")}. */
    public String get(String path, String... parameters) {
        try {
            HttpResponse<String> response =
                    client.send(request(path, parameters), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != OK) {
                throw new IllegalStateException(path + " answers " + response.statusCode() + ": " + response.body());
            }
            return response.body();
        } catch (IOException e) {
            throw new IllegalStateException(path + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for " + path, e);
        }
    }

    /** Asks for a page whose answer may never come. */
    public CompletableFuture<HttpResponse<String>> ask(String path, String... parameters) {
        return client.sendAsync(request(path, parameters), HttpResponse.BodyHandlers.ofString());
    }

    boolean answers(String path) {
        try {
            return client.send(request(path), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == OK;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for " + path, e);
        }
    }

    private HttpRequest request(String path, String... parameters) {
        StringBuilder uri = new StringBuilder("http://127.0.0.1:" + port + path);
        for (int index = 0; index < parameters.length; index += 2) {
            uri.append(index == 0 ? '?' : '&')
                    .append(parameters[index])
                    .append('=')
                    .append(URLEncoder.encode(parameters[index + 1], StandardCharsets.UTF_8));
        }
        return HttpRequest.newBuilder(URI.create(uri.toString()))
                .timeout(TIMEOUT)
                .build();
    }
}
