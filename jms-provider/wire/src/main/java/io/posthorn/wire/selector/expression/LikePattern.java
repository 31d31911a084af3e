package io.posthorn.wire.selector.expression;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A LIKE pattern, matched on UTF-8 in place. The pattern is cut at its % into pieces. The first piece must stand at the
 * beginning of the text, the last at its end, and each one between is searched for once, from where the one before it
 * ended: the leftmost hit is as good as any, so nothing is ever tried again. A piece without _ is searched for in linear
 * time (Knuth, Morris and Pratt); one with _ is tried at each character, for which reason its length is bounded.
 *
 * <p>The character _ stands for one Unicode character, also for one that Java writes as two {@code char}s. The character
 * after the escape character stands for itself, whatever it is.
 */
public final class LikePattern implements TextTest.Criterion {

    /** Most elements (UTF-8 bytes and _) of a piece that holds _ and stands between two %. */
    public static final int SEARCHED_PIECE_MAX = 256;

    /** Stands for _ among the bytes of a piece. */
    private static final int ANY = -1;

    /** What {@link #compile} takes for a pattern without ESCAPE. */
    public static final int NO_ESCAPE = -1;

    private final Piece first;
    private final List<Piece> middle;
    /** Null when the pattern holds no %, so that the first piece is all of it. */
    private final Piece last;

    private LikePattern(List<Piece> pieces) {
        int count = pieces.size();
        first = pieces.get(0);
        middle = count < 3 ? List.of() : List.copyOf(pieces.subList(1, count - 1));
        last = count == 1 ? null : pieces.get(count - 1);
    }

    /**
     * Compiles a pattern. An {@link IllegalArgumentException} says what is wrong: an escape character at the end, or a
     * piece that is too long.
     *
     * @param escape the escape character as a code point, or {@link #NO_ESCAPE}
     */
    public static LikePattern compile(String pattern, int escape) {
        List<Piece> pieces = new ArrayList<>();
        PieceBuilder piece = new PieceBuilder();
        int index = 0;
        while (index < pattern.length()) {
            int unit = pattern.codePointAt(index);
            index += Character.charCount(unit);
            if (unit == escape) {
                if (index == pattern.length()) {
                    throw new IllegalArgumentException("a pattern that ends with its escape character");
                }
                unit = pattern.codePointAt(index);
                index += Character.charCount(unit);
                piece.add(unit);
            } else if (unit == '%') {
                // several % in a row leave empty pieces, which say nothing except at the beginning
                if (pieces.isEmpty() || piece.length > 0) {
                    pieces.add(piece.build());
                }
                piece = new PieceBuilder();
            } else if (unit == '_') {
                piece.addAny();
            } else {
                piece.add(unit);
            }
        }
        pieces.add(piece.build());
        for (Piece searched : pieces.subList(1, Math.max(1, pieces.size() - 1))) {
            if (searched.failure == null && searched.elements.length > SEARCHED_PIECE_MAX) {
                throw new IllegalArgumentException("a part between two % that holds _ and is "
                        + searched.elements.length + " bytes long, where at most " + SEARCHED_PIECE_MAX
                        + " are allowed");
            }
        }
        return new LikePattern(pieces);
    }

    @Override
    public boolean accepts(byte[] bytes, int start, int length) {
        int end = start + length;
        int from = first.matchAt(bytes, start, end);
        if (last == null) {
            return from == end;
        }
        if (from < 0) {
            return false;
        }
        int to = last.matchBackwards(bytes, from, end);
        for (int i = 0; i < middle.size() && to >= 0 && from >= 0; i++) {
            from = middle.get(i).find(bytes, from, to);
        }
        return to >= 0 && from >= 0;
    }

    private static boolean isContinuation(byte value) {
        return (value & 0xC0) == 0x80;
    }

    /** Index after the character at {@code index}; also in bytes that are no UTF-8 at most four further. */
    private static int after(byte[] bytes, int index, int end) {
        int next = index + 1;
        int most = Math.min(end, index + 4);
        while (next < most && isContinuation(bytes[next])) {
            next++;
        }
        return next;
    }

    /** Index of the character that ends before {@code index}. */
    private static int before(byte[] bytes, int index, int start) {
        int previous = index - 1;
        int most = Math.max(start, index - 4);
        while (previous > most && isContinuation(bytes[previous])) {
            previous--;
        }
        return previous;
    }

    /** Characters that stand side by side: bytes of UTF-8, and {@link #ANY} for each _. */
    private static final class Piece {

        private final int[] elements;
        /** For each element, how many elements still match when the next does not; null for a piece with _. */
        private final int[] failure;

        Piece(int[] elements, boolean plain) {
            this.elements = elements;
            this.failure = plain ? failureOf(elements) : null;
        }

        /** Index after the piece when it stands at {@code from}, otherwise -1. */
        int matchAt(byte[] bytes, int from, int end) {
            int index = from;
            for (int element : elements) {
                if (index >= end) {
                    return -1;
                }
                if (element == ANY) {
                    index = after(bytes, index, end);
                } else if ((bytes[index++] & 0xFF) != element) {
                    return -1;
                }
            }
            return index;
        }

        /** Where the piece begins when it ends at {@code end}, otherwise -1. */
        int matchBackwards(byte[] bytes, int start, int end) {
            int index = end;
            for (int i = elements.length - 1; i >= 0; i--) {
                if (index <= start) {
                    return -1;
                }
                if (elements[i] == ANY) {
                    index = before(bytes, index, start);
                } else if ((bytes[--index] & 0xFF) != elements[i]) {
                    return -1;
                }
            }
            return index;
        }

        /** Index after the leftmost place where the piece stands, otherwise -1. */
        int find(byte[] bytes, int from, int end) {
            if (failure == null) {
                for (int index = from; index < end; index = after(bytes, index, end)) {
                    int found = matchAt(bytes, index, end);
                    if (found >= 0) {
                        return found;
                    }
                }
                return -1;
            }
            int matched = 0;
            for (int index = from; index < end; index++) {
                int value = bytes[index] & 0xFF;
                while (matched > 0 && elements[matched] != value) {
                    matched = failure[matched - 1];
                }
                if (elements[matched] == value && ++matched == elements.length) {
                    return index + 1;
                }
            }
            return -1;
        }

        private static int[] failureOf(int[] elements) {
            int[] failure = new int[elements.length];
            int matched = 0;
            for (int i = 1; i < elements.length; i++) {
                while (matched > 0 && elements[matched] != elements[i]) {
                    matched = failure[matched - 1];
                }
                if (elements[matched] == elements[i]) {
                    matched++;
                }
                failure[i] = matched;
            }
            return failure;
        }
    }

    private static final class PieceBuilder {

        private int[] elements = new int[16];
        private int length;
        private boolean plain = true;

        void add(int codePoint) {
            for (byte part : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
                append(part & 0xFF);
            }
        }

        void addAny() {
            plain = false;
            append(ANY);
        }

        private void append(int element) {
            if (length == elements.length) {
                elements = Arrays.copyOf(elements, 2 * length);
            }
            elements[length++] = element;
        }

        Piece build() {
            return new Piece(Arrays.copyOf(elements, length), plain);
        }
    }
}
