/**
 * What can be done with the files of a log that no owner opens any more, or that are to be looked through: {@link
 * io.posthorn.journal.salvage.LogSurvey} reads all of them, finds every whole record, also behind damage, and changes
 * nothing; {@link io.posthorn.journal.salvage.SurveyedLog} shows what it found as a log that can be read; {@link
 * io.posthorn.journal.salvage.LogRepair} lets the log go on behind all that. What the records mean is said by the caller. On
 * the caller's thread; only for folders whose lock the caller has. Begin with the survey.
 */
package io.posthorn.journal.salvage;
