package io.posthorn.wire.frame;

/** Ranges as only a hostile peer sends them; in this package, since only the decoder can make them. */
public final class HugeRanges {

    private HugeRanges() {}

    /** All numbers that an entry can have. */
    public static EntryRanges all() {
        return EntryRanges.ofBounds(new long[] {0, EntryRanges.ENTRY_MAX});
    }
}
