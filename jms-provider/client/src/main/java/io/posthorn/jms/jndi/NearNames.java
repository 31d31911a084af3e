package io.posthorn.jms.jndi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds what somebody may have meant. */
final class NearNames {

    private static final int SHOWN_MAX = 3;

    private NearNames() {}

    /** Those known names that differ little from the wanted one, nearest first; may be empty. */
    static List<String> of(String wanted, Collection<String> known) {
        int distanceMax = Math.max(2, wanted.length() / 3);
        List<String> near = new ArrayList<>();
        for (String name : known) {
            if (distance(wanted, name) <= distanceMax || last(wanted).equalsIgnoreCase(last(name))) {
                near.add(name);
            }
        }
        near.sort(
                Comparator.comparingInt((String name) -> distance(wanted, name)).thenComparing(name -> name));
        return near.size() > SHOWN_MAX ? near.subList(0, SHOWN_MAX) : near;
    }

    /** The nearest of all, however far. */
    static String nearest(String wanted, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt((String name) -> distance(wanted, name))
                        .thenComparing(name -> name))
                .orElse("");
    }

    private static String last(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /** Levenshtein's distance, without regard to case. */
    private static int distance(String first, String second) {
        String a = first.toLowerCase(Locale.ROOT);
        String b = second.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int column = 0; column <= b.length(); column++) {
            row[column] = column;
        }
        for (int line = 1; line <= a.length(); line++) {
            int diagonal = row[0];
            row[0] = line;
            for (int column = 1; column <= b.length(); column++) {
                int replaced = diagonal + (a.charAt(line - 1) == b.charAt(column - 1) ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.min(replaced, 1 + Math.min(diagonal, row[column - 1]));
            }
        }
        return row[b.length()];
    }
}
