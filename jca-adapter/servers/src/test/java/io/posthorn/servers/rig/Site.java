package io.posthorn.servers.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;

/**
 * Where one server works, and what its configuration files are to say here.
 *
 * @param distribution the server as unpacked; not written to
 * @param configuration the folder with the configuration files that the guide shows
 * @param home the folder that gets everything of this run
 * @param rar the resource adapter
 * @param portOffset what is added to each port of the server, so that runs do not meet
 * @param replacements what to put in place of the guide's addresses
 */
record Site(
        Path distribution, Path configuration, Path home, Path rar, int portOffset, Map<String, String> replacements) {

    Site {
        replacements = Map.copyOf(replacements);
    }

    /** An offset at which the given ports are free now. */
    static int freeOffset(int... ports) {
        while (true) {
            int offset = ThreadLocalRandom.current().nextInt(100, 200) * 100;
            boolean free = true;
            for (int port : ports) {
                free &= isFree(port + offset);
            }
            if (free) {
                return offset;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    int port(int plain) {
        return plain + portOffset;
    }

    /** A configuration file of the guide, with the addresses of this run. */
    String text(String file) {
        try {
            String text = Files.readString(configuration.resolve(file), StandardCharsets.UTF_8);
            for (Map.Entry<String, String> entry : new LinkedHashMap<>(replacements).entrySet()) {
                text = text.replace(entry.getKey(), entry.getValue());
                text = text.replace(
                        entry.getKey().replace(":", "\\:"), entry.getValue().replace(":", "\\:"));
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + configuration.resolve(file), e);
        }
    }

    /** Writes a configuration file of the guide, with the addresses of this run, to a place below {@link #home}. */
    Path install(String file, String place) {
        return write(place, text(file));
    }

    Path write(String place, String text) {
        Path target = home.resolve(place);
        try {
            Files.createDirectories(target.getParent());
            return Files.writeString(target, text, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + target, e);
        }
    }

    /** Changes a file below {@link #home}. */
    void edit(String place, UnaryOperator<String> change) {
        try {
            write(place, change.apply(Files.readString(home.resolve(place), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + home.resolve(place), e);
        }
    }

    void makeFolders(String... places) {
        for (String place : places) {
            Folders.create(home.resolve(place));
        }
    }

    void installRar(String place) {
        copy(rar, home.resolve(place));
    }

    /** Takes the jar out of the resource adapter: it holds the client too, and all that the client needs. */
    void installJarOfRar(String place) {
        try (FileSystem archive = FileSystems.newFileSystem(rar);
                DirectoryStream<Path> jars = Files.newDirectoryStream(archive.getPath("/"), "*.jar")) {
            copy(jars.iterator().next(), home.resolve(place));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + rar, e);
        }
    }

    /** Copies a file out of the resource adapter. */
    void installFromRar(String file, String place) {
        try (FileSystem archive = FileSystems.newFileSystem(rar)) {
            copy(archive.getPath(file), home.resolve(place));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + rar, e);
        }
    }

    /** Copies a folder of the distribution to the same place below {@link #home}. */
    void copyFolder(String from, String place) {
        Path source = distribution.resolve(from);
        Path target = home.resolve(place);
        try {
            Files.walkFileTree(source, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    copy(file, target.resolve(source.relativize(file).toString()));
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
                        throws IOException {
                    Files.createDirectories(
                            target.resolve(source.relativize(folder).toString()));
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot copy " + source, e);
        }
    }

    static void copy(Path from, Path to) {
        try {
            Files.createDirectories(to.getParent());
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot copy " + from + " to " + to, e);
        }
    }
}
