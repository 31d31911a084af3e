package io.posthorn.journal.file;

import io.posthorn.journal.JournalException;
import io.posthorn.journal.disk.LogFile;
import io.posthorn.journal.disk.LogFolder;
import io.posthorn.journal.segment.Site;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The file {@code journal.properties}: what is true of the log as a whole. Replaced in one step at each opening,
 * before
 * the first append, and at each orderly close.
 *
 * <pre>
 * # Posthorn journal. Do not edit.
 * format=1
 * identity=UUID
 * epoch=number of the last owner, from 1
 * closed=whether that owner closed the log in order
 * synced=a position: all before it is durable, so whatever is bad before it is damage
 * check=CRC32C of all lines before this one, in hexadecimal
 * </pre>
 */
public final class ControlFile {

    public static final String NAME = "journal.properties";
    private static final String NEW_NAME = "journal.properties.tmp";
    private static final int FORMAT = 1;
    private static final int LENGTH_MAX = 4096;
    private static final String CHECK = "check=";

    private final LogFolder folder;

    public ControlFile(LogFolder folder) {
        this.folder = folder;
    }

    /** What the file says. */
    public record State(UUID identity, int epoch, boolean closed, long synced) {

        State opened() {
            return new State(identity, Math.addExact(epoch, 1), false, synced);
        }

        State closedAt(long end) {
            return new State(identity, epoch, true, end);
        }

        State withClosed(boolean closedBefore) {
            return new State(identity, epoch, closedBefore, synced);
        }
    }

    /** What the file says.
     *
     * @throws JournalException DAMAGED or, for another version of the format, UNUSABLE
     */
    public State read() throws JournalException, IOException {
        String text = text();
        int check = text.indexOf(CHECK);
        Map<String, String> values = values(check < 0 ? text : text.substring(0, check));
        requireKnownFormat(values.get("format"));
        if (check < 0 || !text.substring(check).equals(checkLine(text.substring(0, check)))) {
            throw damaged("its check does not fit its lines");
        }
        try {
            return new State(
                    UUID.fromString(values.get("identity")),
                    Integer.parseInt(values.get("epoch")),
                    Boolean.parseBoolean(values.get("closed")),
                    Long.parseLong(values.get("synced")));
        } catch (IllegalArgumentException | NullPointerException e) {
            throw damaged("a line is missing or not readable (" + e.getMessage() + ")");
        }
    }

    /** Whether the file's check fits its lines, whatever format these are of. */
    public boolean isWhole() throws IOException {
        String text = text();
        int check = text.indexOf(CHECK);
        return check >= 0 && text.substring(check).equals(checkLine(text.substring(0, check)));
    }

    /** Replaces the file in one step, durably. */
    public void write(State state) throws IOException {
        String lines = "# Posthorn journal. Do not edit.\nformat=" + FORMAT
                + "\nidentity=" + state.identity()
                + "\nepoch=" + state.epoch()
                + "\nclosed=" + state.closed()
                + "\nsynced=" + state.synced() + "\n";
        byte[] bytes = (lines + checkLine(lines)).getBytes(StandardCharsets.UTF_8);
        try (LogFile file = folder.create(NEW_NAME)) {
            file.write(ByteBuffer.wrap(bytes), 0);
            file.sync();
        }
        folder.rename(NEW_NAME, NAME);
        folder.sync();
    }

    private String text() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH_MAX);
        try (LogFile file = folder.open(NAME)) {
            int length = file.read(bytes, 0);
            return new String(bytes.array(), 0, length, StandardCharsets.ISO_8859_1);
        }
    }

    private static Map<String, String> values(String lines) {
        Map<String, String> values = new HashMap<>();
        lines.lines().forEach(line -> {
            int equals = line.indexOf('=');
            if (equals > 0 && !line.startsWith("#")) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        });
        return values;
    }

    private void requireKnownFormat(String format) throws JournalException {
        if (format == null || !format.matches("[0-9]{1,6}")) {
            throw damaged("its format line is missing or not a number");
        }
        if (Integer.parseInt(format) != FORMAT) {
            throw new JournalException(
                    JournalException.Kind.UNUSABLE,
                    "The data folder " + folder.place() + " has format " + format + "; this release knows format "
                            + FORMAT + ". Start the release that wrote it, or choose another folder.");
        }
    }

    private static String checkLine(String lines) {
        CRC32C crc = new CRC32C();
        crc.update(lines.getBytes(StandardCharsets.ISO_8859_1));
        return CHECK + String.format("%08x", crc.getValue()) + "\n";
    }

    private JournalException damaged(String what) {
        return Site.damaged(folder.place(), folder.place(NAME) + " is damaged: " + what);
    }
}
