/**
 * The bytes of the log: how a position is made ({@link io.posthorn.journal.segment.Position}), how a segment file
 * begins
 * ({@link io.posthorn.journal.segment.SegmentHeader}), how a record is framed and checked ({@link
 * io.posthorn.journal.segment.Frame}), how a segment is read from front to back and searched for what a crash left
 * ({@link
 * io.posthorn.journal.segment.SegmentScanner}), how one record is read ({@link
 * io.posthorn.journal.segment.RecordReader}),
 * and which files there are ({@link io.posthorn.journal.segment.SegmentStore}). No threads and no decisions. Begin
 * with the
 * drawing in {@code Frame}; the same is in docs/data-files.md.
 */
package io.posthorn.journal.segment;
