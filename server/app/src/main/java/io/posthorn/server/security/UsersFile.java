package io.posthorn.server.security;

import io.posthorn.server.config.ConfigException;
import io.posthorn.server.config.EntryReader;
import io.posthorn.server.config.Place;
import io.posthorn.server.config.UserEntry;
import io.posthorn.server.config.YamlReader;
import io.posthorn.server.config.YamlTree;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The file {@code users.yaml} in the data folder: users with hashes of their passwords, readable by its owner only. It is
 * replaced whole, so that a reader sees the old or the new one.
 */
public final class UsersFile {

    private static final String NAME = "users.yaml";

    private final Path file;

    /** {@code data} is the data folder; it need not exist. */
    public UsersFile(Path data) {
        this.file = data.resolve(NAME);
    }

    public Path path() {
        return file;
    }

    /** The users, none when there is no file. */
    public List<UserEntry> read() throws ConfigException {
        if (!Files.exists(file)) {
            return List.of();
        }
        Optional<YamlTree> root = YamlReader.read(file);
        Place place = Place.file(file);
        if (root.isEmpty()) {
            return List.of();
        }
        if (!(root.get() instanceof YamlTree.Fields fields)
                || fields.fields().size() != 1
                || !fields.fields().get(0).name().equals("users")) {
            throw new ConfigException(place.at(1) + ": expected one key, 'users', with the list of users");
        }
        List<UserEntry> users =
                new EntryReader(place).users(fields.fields().get(0).value());
        for (UserEntry user : users) {
            checkHash(user, place);
        }
        return users;
    }

    private static void checkHash(UserEntry user, Place place) throws ConfigException {
        try {
            PasswordHash.check(user.password());
        } catch (IllegalArgumentException e) {
            throw new ConfigException(place.label() + ": user '" + user.name() + "': " + e.getMessage(), e);
        }
    }

    /** Adds a user, or gives an existing one a new password. Returns whether the user is new. */
    public boolean put(String name, String password) throws ConfigException {
        UserEntry entry;
        try {
            UserEntry.checkName(name);
            new UserEntry(name, password);
            entry = new UserEntry(name, PasswordHash.create(password, new SecureRandom()));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(e.getMessage(), e);
        }
        List<UserEntry> users = new ArrayList<>(read());
        boolean isNew = !users.removeIf(user -> user.name().equals(name));
        users.add(entry);
        write(users);
        return isNew;
    }

    /** Returns whether there was such a user. */
    public boolean remove(String name) throws ConfigException {
        List<UserEntry> users = new ArrayList<>(read());
        if (!users.removeIf(user -> user.name().equals(name))) {
            return false;
        }
        write(users);
        return true;
    }

    private void write(List<UserEntry> users) throws ConfigException {
        StringBuilder text = new StringBuilder("# Written by the command 'user'. Passwords are hashed.\nusers:");
        text.append(users.isEmpty() ? " []\n" : "\n");
        for (UserEntry user : users) {
            text.append("  - name: ").append(quoted(user.name())).append('\n');
            text.append("    password: ").append(quoted(user.password())).append('\n');
        }
        try {
            replace(text.toString());
        } catch (IOException e) {
            throw new ConfigException(file + ": cannot be written: " + e + ". Check the permissions of the folder", e);
        }
    }

    private void replace(String text) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Path draft = Files.createTempFile(folder, NAME, ".new", ownerOnly(folder));
        try {
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path folder) throws IOException {
        boolean posix = Files.getFileStore(folder).supportsFileAttributeView("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /** A double-quoted YAML scalar; names have no control characters. */
    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /** Changes when the file does; equal for no file and no file. */
    String stamp() {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
        } catch (NoSuchFileException e) {
            return "none";
        } catch (IOException e) {
            return "unreadable: " + e.getClass().getName();
        }
    }
}
