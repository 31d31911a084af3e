/**
 * Empties segments of a log in which little is needed, so that they can be dropped: of the log that survives, and of the scratch
 * log. Runs on the broker's driver; whoever drives the broker reads segments in the background. Knows records and who needs
 * them, not files. Begin with {@link io.posthorn.broker.compaction.Compactor}.
 */
package io.posthorn.broker.compaction;
