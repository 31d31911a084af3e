package io.posthorn.tck.xa;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import javax.transaction.xa.Xid;

/** A branch identifier by value; its text names files, and can be read back. */
record BranchXid(int format, String global, String qualifier) implements Xid {

    private static final int FORMAT = 7660;

    static BranchXid of(Xid xid) {
        HexFormat hex = HexFormat.of();
        return new BranchXid(
                xid.getFormatId(),
                hex.formatHex(xid.getGlobalTransactionId()),
                hex.formatHex(xid.getBranchQualifier()));
    }

    /** A new one, as long as identifiers may be. */
    static BranchXid next() {
        byte[] global = new byte[MAXGTRIDSIZE];
        Arrays.fill(global, (byte) 0x5A);
        java.util.UUID id = java.util.UUID.randomUUID();
        ByteBuffer.wrap(global).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        return new BranchXid(
                FORMAT, HexFormat.of().formatHex(global), HexFormat.of().formatHex(new byte[MAXBQUALSIZE]));
    }

    static BranchXid parse(String text) {
        String[] parts = text.split("-", -1);
        return new BranchXid(Integer.parseInt(parts[0]), parts[1], parts[2]);
    }

    @Override
    public int getFormatId() {
        return format;
    }

    @Override
    public byte[] getGlobalTransactionId() {
        return HexFormat.of().parseHex(global);
    }

    @Override
    public byte[] getBranchQualifier() {
        return HexFormat.of().parseHex(qualifier);
    }

    @Override
    public String toString() {
        return format + "-" + global + "-" + qualifier;
    }
}
