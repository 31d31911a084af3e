/**
 * The log in local files. {@link io.posthorn.journal.file.FileJournal} is the front, called by the owner's thread.
 * Two
 * agents work behind it, each on a thread of its own or, in a simulation, on the test's: the writer ({@code
 * LogWriter})
 * takes what was staged, writes and syncs it; the keeper ({@code Keeper}) makes the next segment ready, stores
 * checkpoints and frees segments, so that none of these delays a write. {@code Staging} stands between owner and
 * writer
 * and has the only lock on the way of a record. {@code Recovery} reads the log at the start. What the bytes mean is
 * in
 * the package {@code segment}.
 */
package io.posthorn.journal.file;
