package io.posthorn.wire.selector.expression;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;

/** The strings of an IN list: walked through when they are few, otherwise a hash table with open addresses. */
public final class TextSet implements TextTest.Criterion {

    private static final int FEW = 8;

    private final byte[][] slots;
    private final boolean hashed;

    public TextSet(Collection<String> texts) {
        hashed = texts.size() > FEW;
        slots = new byte[hashed ? Integer.highestOneBit(texts.size()) * 4 : texts.size()][];
        int next = 0;
        for (String text : texts) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            slots[hashed ? slotOf(utf8, 0, utf8.length) : next++] = utf8;
        }
    }

    @Override
    public boolean accepts(byte[] bytes, int start, int length) {
        if (hashed) {
            return slots[slotOf(bytes, start, length)] != null;
        }
        for (byte[] slot : slots) {
            if (isSame(slot, bytes, start, length)) {
                return true;
            }
        }
        return false;
    }

    /** The slot that holds the text, or the free one where it would have to go. At most half of the slots are taken. */
    private int slotOf(byte[] bytes, int start, int length) {
        int mask = slots.length - 1;
        int slot = hash(bytes, start, length) & mask;
        while (slots[slot] != null && !isSame(slots[slot], bytes, start, length)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private static boolean isSame(byte[] slot, byte[] bytes, int start, int length) {
        return slot.length == length && Arrays.equals(slot, 0, length, bytes, start, start + length);
    }

    private static int hash(byte[] bytes, int start, int length) {
        int hash = length;
        for (int i = start; i < start + length; i++) {
            hash = 31 * hash + bytes[i];
        }
        return (hash ^ hash >>> 16) * 0x9E3779B1 >>> 8;
    }
}
