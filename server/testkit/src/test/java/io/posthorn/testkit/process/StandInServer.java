package io.posthorn.testkit.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A program with the server's command line: writes one line per start into its data folder, takes its port, and waits. */
final class StandInServer {
    private StandInServer() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        List<String> line = Arrays.asList(args);
        if (line.contains("--refuse")) {
            throw new IllegalStateException("no room in the data folder");
        }
        Path data = Path.of(line.get(line.indexOf("--data") + 1));
        Files.createDirectories(data);
        Files.writeString(
                data.resolve("starts"),
                System.getenv().getOrDefault("STAND_IN", "-") + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        int wanted = Integer.parseInt(line.get(line.indexOf("--port") + 1));
        try (ServerSocket socket = new ServerSocket(wanted, 1, InetAddress.getLoopbackAddress())) {
            Path portFile = Path.of(line.get(line.indexOf("--port-file") + 1));
            if (!line.contains("--mute")) {
                Files.writeString(portFile, socket.getLocalPort() + "\n", StandardCharsets.US_ASCII);
            }
            new CountDownLatch(1).await();
        }
    }
}
