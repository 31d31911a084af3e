package io.posthorn.journal.disk;

import io.posthorn.journal.JournalException;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * A folder of files, addressed by name. Which names exist becomes durable with {@link #sync}; what is in a file, with
 * {@link LogFile#sync}. Any thread may call.
 */
public interface LogFolder {

    /** Where the folder is, for people. */
    String place();

    /** Where a file of it is, for people. */
    String place(String name);

    List<String> names() throws IOException;

    /** Opens a file that exists, to read and to write. */
    LogFile open(String name) throws IOException;

    /** Opens an empty file under that name; what was there before is gone. */
    LogFile create(String name) throws IOException;

    /** Gives a file another name, in one step; a file that had the name is gone. */
    void rename(String from, String to) throws IOException;

    /** Removes a file; nothing happens if there is none. */
    void delete(String name) throws IOException;

    /** How many bytes of the disk are free for this process. */
    long freeBytes() throws IOException;

    /** Makes durable which names exist. */
    void sync() throws IOException;

    /**
     * Makes this process and this caller the only owner of the folder, until the result is closed or the process
     * ends.
     *
     * @throws JournalException LOCKED, naming the holder; UNUSABLE, when the folder cannot be written
     */
    Closeable lock() throws JournalException;
}
