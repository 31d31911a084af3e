/**
 * The append-only log behind a narrow seam, {@link io.posthorn.journal.Journal}. What a record means is its user's
 * business; here are positions, durability and what a crash may leave. Begin with the seam.
 */
package io.posthorn.journal;
