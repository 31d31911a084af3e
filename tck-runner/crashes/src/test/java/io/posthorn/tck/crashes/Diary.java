package io.posthorn.tck.crashes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * What one role writes down, line by line. A line is with the operating system when {@link #write} returns, and so outlives the
 * process. One that was cut off by the process's end is not there for the reader. The role's own thread writes.
 */
final class Diary implements AutoCloseable {

    /** The end of a line that is whole. */
    private static final String WHOLE = " .";

    private final FileChannel channel;

    private Diary(FileChannel channel) {
        this.channel = channel;
    }

    /** Opens the diary that a life of the role goes on with. */
    static Diary open(Path file) {
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
            Diary diary = new Diary(channel);
            if (channel.size() > 0) {
                diary.append("\n"); // should the last life have ended within a line
            }
            return diary;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot open the diary " + file, e);
        }
    }

    void write(String what, Object... values) {
        StringBuilder line = new StringBuilder(what);
        for (Object value : values) {
            line.append(' ').append(value);
        }
        append(line.append(WHOLE).append('\n').toString());
    }

    private void append(String text) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the diary", e);
        }
    }

    /** The lines that are whole; none if there is no such diary. */
    static List<String> read(Path file) {
        if (!Files.exists(file)) {
            return List.of();
        }
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                    .filter(line -> line.endsWith(WHOLE))
                    .map(line -> line.substring(0, line.length() - WHOLE.length()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the diary " + file, e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
