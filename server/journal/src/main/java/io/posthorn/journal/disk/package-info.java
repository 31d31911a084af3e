/**
 * Files as the journal sees them: a folder of files that are read and written by position and synced, nothing else.
 * The
 * seam is {@link io.posthorn.journal.disk.LogFolder} with {@link io.posthorn.journal.disk.LogFile}; here is the one
 * over
 * {@code java.nio}, and the lock that makes one process the owner of a folder. It does not know what is in the files.
 * Faults and crashes are tried with another implementation of the same seam, in the testkit.
 */
package io.posthorn.journal.disk;
