package io.posthorn.wire.frame;

import java.util.Arrays;
import java.util.HexFormat;

/** An XA branch: the fields of {@code javax.transaction.xa.Xid}, comparable by value. The arrays are not to be changed. */
public record BranchId(int formatId, byte[] global, byte[] qualifier) {

    /** Longest global transaction id and branch qualifier (XA specification). */
    public static final int LENGTH_MAX = 64;

    public BranchId {
        if (global.length > LENGTH_MAX || qualifier.length > LENGTH_MAX) {
            throw new IllegalArgumentException("a branch id holds at most " + LENGTH_MAX + " bytes in each part");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BranchId that
                && formatId == that.formatId
                && Arrays.equals(global, that.global)
                && Arrays.equals(qualifier, that.qualifier);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * formatId + Arrays.hashCode(global)) + Arrays.hashCode(qualifier);
    }

    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return formatId + ":" + hex.formatHex(global) + ":" + hex.formatHex(qualifier);
    }
}
