package io.posthorn.broker.record;

import io.posthorn.journal.JournalException;

/** The log was written by a release that says things otherwise. Nothing is damaged, and nothing must be repaired. */
public final class OtherVersionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** @param what whose version it is */
    public OtherVersionException(String what, int found, int known) {
        super("the journal has " + what + " of version " + found + ", and this release reads version " + known
                + ". Start the release that wrote it, drain it, and begin a new folder");
    }

    /** What to tell whoever wants to use the folder. */
    public JournalException asRefusal() {
        return new JournalException(JournalException.Kind.UNUSABLE, getMessage(), this);
    }
}
