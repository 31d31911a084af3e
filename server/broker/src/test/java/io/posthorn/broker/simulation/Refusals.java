package io.posthorn.broker.simulation;

import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;

/** Whether who is refused is told what is short, how much there is of it, and since when. */
final class Refusals {

    /** Behind one that was refused and told why. */
    private static final String BEHIND = "was refused for now, and comes first";

    private Refusals() {}

    static void check(World world, ServerFrame.Failed failed) {
        check(world, failed.code(), failed.text());
    }

    static void check(World world, ServerFrame.UploadRefused refused) {
        check(world, refused.code(), refused.text());
        world.ledger.check(refused.code() == ErrorCode.BLOCKED, "a piece that must be taken: " + refused, null);
    }

    /** Whether it is let in once the disk has room. */
    static boolean isForWantOfRoom(ServerFrame.Failed failed) {
        return failed.code() == ErrorCode.BLOCKED && failed.text().contains("disk-free-min");
    }

    private static void check(World world, ErrorCode code, String text) {
        if (code == ErrorCode.BLOCKED || code == ErrorCode.RESOURCE_LIMIT) {
            boolean full = text.contains(" is full since 19") && text.contains("s-max is ");
            boolean pressed = text.contains("since 19") && text.contains("disk-free-min is 1000");
            boolean staged = text.contains("memory.transactions is ");
            world.ledger.check(full || pressed || staged || text.contains(BEHIND), "an unclear refusal: " + text, null);
        }
    }
}
