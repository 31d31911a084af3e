package io.posthorn.broker;

import io.posthorn.journal.JournalException;
import io.posthorn.journal.disk.LogFolder;
import io.posthorn.journal.salvage.Damage;
import io.posthorn.journal.salvage.LogRepair;
import io.posthorn.journal.salvage.LogSurvey;
import io.posthorn.journal.salvage.SurveyedLog;
import java.util.List;

/**
 * Checks the log in a folder that no server uses, and repairs it. Takes the folder's lock for as long as it works. What it
 * found of the files is in {@link Outcome#damages}, what that means for messages in {@link Outcome#report}.
 */
public final class StoreCheck {

    private final LogFolder folder;
    private final BrokerSettings settings;

    public StoreCheck(LogFolder folder, BrokerSettings settings) {
        this.folder = folder;
        this.settings = settings;
    }

    /**
     * What was found, and done.
     *
     * @param segments how many segment files there are
     * @param damages what is damaged of the files
     * @param report what the log leads to, and what is lost
     * @param repaired whether the log was changed
     * @param aside files that were put aside, when it was
     */
    public record Outcome(
            int segments, List<Damage> damages, Salvage.Report report, boolean repaired, List<String> aside) {

        /** Whether a server starts with it, and has all that it should have. */
        public boolean isWhole() {
            return report.isWhole() && damages.stream().noneMatch(Damage::hindersStart);
        }
    }

    /**
     * Looks, and changes nothing.
     *
     * @throws JournalException LOCKED, naming the holder; UNUSABLE, when the folder cannot be read or is of another release
     */
    public Outcome check(long nowMs) throws JournalException {
        return work(nowMs, "", 0);
    }

    /**
     * Repairs what {@link #check} finds wrong, if anything.
     *
     * @param suffix what the names of files that are put aside end with; names that do not exist yet
     * @param segmentBytes length of a segment's file
     */
    public Outcome repair(long nowMs, String suffix, int segmentBytes) throws JournalException {
        return work(nowMs, suffix, segmentBytes);
    }

    private Outcome work(long nowMs, String suffix, int segmentBytes) throws JournalException {
        try (SurveyedLog log = SurveyedLog.open(folder, Salvage::tellsAll)) {
            LogSurvey survey = log.survey();
            Salvage salvage = Salvage.of(log, settings, nowMs);
            Outcome found = new Outcome(survey.segments().size(), survey.damages(), salvage.report(), false, List.of());
            return suffix.isEmpty() || found.isWhole() ? found : repair(salvage, survey, found, suffix, segmentBytes);
        }
    }

    private static Outcome repair(Salvage salvage, LogSurvey survey, Outcome found, String suffix, int segmentBytes)
            throws JournalException {
        LogRepair repair = new LogRepair(survey, suffix);
        if (survey.segments().isEmpty()) {
            repair.beginAnew();
        } else {
            repair.goOn(salvage.telling(), Salvage::index, segmentBytes);
        }
        return new Outcome(found.segments(), found.damages(), found.report(), true, List.copyOf(repair.aside()));
    }
}
