package io.posthorn.testkit.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/**
 * What to start: the server's program, the folder it works in and its settings. Immutable; each {@code with} gives a new one.
 *
 * @param classPath the program's class path, in order
 * @param mainClass the class whose {@code main} is called with {@code run --data ... --port ... --port-file ...}
 * @param home the folder that gets {@code data/}, {@code port} and {@code server.log}; created when missing, never deleted here
 * @param environment variables set for the server, over those of this process
 * @param jvmOptions options of the server's JVM, {@code -Xmx256m} for example
 * @param options further options after {@code run}
 * @param readyWithin how long the server may take until it has written its port
 */
public record ServerCommand(
        List<Path> classPath,
        String mainClass,
        Path home,
        Map<String, String> environment,
        List<String> jvmOptions,
        List<String> options,
        Duration readyWithin) {

    /** The system property that names the runnable server jar. */
    public static final String JAR_PROPERTY = "testkit.server.jar";

    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    public ServerCommand {
        classPath = List.copyOf(classPath);
        Objects.requireNonNull(mainClass, "mainClass");
        Objects.requireNonNull(home, "home");
        environment = Map.copyOf(environment);
        jvmOptions = List.copyOf(jvmOptions);
        options = List.copyOf(options);
        Objects.requireNonNull(readyWithin, "readyWithin");
    }

    /** The runnable jar that the system property {@value #JAR_PROPERTY} names. */
    public static ServerCommand ofConfiguredJar(Path home) {
        String jar = System.getProperty(JAR_PROPERTY);
        if (jar == null || jar.isBlank()) {
            throw new IllegalStateException("System property " + JAR_PROPERTY
                    + " is not set, so there is no server to start. Set it to the runnable jar, for example -D"
                    + JAR_PROPERTY
                    + "=server/app/target/posthorn-server-1.0.0-SNAPSHOT.jar");
        }
        return ofJar(Path.of(jar), home);
    }

    /** A runnable jar, started through the main class that its manifest names. */
    public static ServerCommand ofJar(Path jar, Path home) {
        if (!Files.isRegularFile(jar)) {
            throw new IllegalStateException("No server jar at " + jar.toAbsolutePath()
                    + ". Package it first (mvn package), or name another with -D" + JAR_PROPERTY);
        }
        return ofMain(List.of(jar), mainClassOf(jar), home);
    }

    /** Any main class that takes the server's command line. */
    public static ServerCommand ofMain(List<Path> classPath, String mainClass, Path home) {
        return new ServerCommand(classPath, mainClass, home, Map.of(), List.of(), List.of(), READY_WITHIN);
    }

    private static String mainClassOf(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            String mainClass = file.getManifest() == null
                    ? null
                    : file.getManifest().getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
            if (mainClass == null) {
                throw new IllegalStateException(
                        jar.toAbsolutePath() + " has no Main-Class in its manifest: it is not the runnable server jar");
            }
            return mainClass;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the server jar " + jar.toAbsolutePath(), e);
        }
    }

    public ServerCommand withEnvironment(String name, String value) {
        Map<String, String> all = new LinkedHashMap<>(environment);
        all.put(name, value);
        return new ServerCommand(classPath, mainClass, home, all, jvmOptions, options, readyWithin);
    }

    public ServerCommand withJvmOption(String option) {
        return new ServerCommand(
                classPath, mainClass, home, environment, plus(jvmOptions, option), options, readyWithin);
    }

    public ServerCommand withOption(String option) {
        return new ServerCommand(
                classPath, mainClass, home, environment, jvmOptions, plus(options, option), readyWithin);
    }

    public ServerCommand withReadyWithin(Duration limit) {
        return new ServerCommand(classPath, mainClass, home, environment, jvmOptions, options, limit);
    }

    Path data() {
        return home.resolve("data");
    }

    Path portFile() {
        return home.resolve("port");
    }

    Path log() {
        return home.resolve("server.log");
    }

    /** The whole command line, tied to this process by {@link Tether}; port 0 lets the server choose. */
    List<String> line(int port) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(jvmOptions);
        line.add("-cp");
        line.add(classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator))
                + File.pathSeparator
                + Tether.location());
        line.add(Tether.class.getName());
        line.add(mainClass);
        line.addAll(List.of("run", "--data", data().toString(), "--port", Integer.toString(port)));
        line.addAll(List.of("--port-file", portFile().toString()));
        line.addAll(options);
        return line;
    }

    private static List<String> plus(List<String> list, String element) {
        List<String> longer = new ArrayList<>(list);
        longer.add(element);
        return longer;
    }
}
