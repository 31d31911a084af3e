package io.posthorn.admin.api;

import io.posthorn.admin.model.Page;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/** Chooses from a long list of names: by a pattern, in order, some at a time. */
final class Names {

    static final int LIMIT_DEFAULT = 100;
    static final int LIMIT_MAX = 1000;

    private final Pattern pattern;
    private final String after;
    private final int limit;

    /**
     * Names like {@code name} (with * and ?; null for all) behind {@code after} (null for the first), so many at the most.
     */
    Names(String name, String after, int limit) {
        this.pattern = name == null ? null : pattern(name);
        this.after = after;
        this.limit = limit;
    }

    /** As the parameters {@code name} (with * and ?), {@code after} and {@code limit} say. */
    static Names of(Call call) throws Problem {
        long limit = call.number("limit", LIMIT_DEFAULT);
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new Problem(400, "a limit is between 1 and " + LIMIT_MAX + ", not " + limit);
        }
        return new Names(call.parameter("name"), call.parameter("after"), (int) limit);
    }

    private static Pattern pattern(String text) {
        StringBuilder regex = new StringBuilder();
        text.chars().forEach(character -> {
            switch (character) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(String.valueOf((char) character)));
            }
        });
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    /** The names that are asked for; {@code total} counts all that match. */
    Page<String> choose(Collection<String> all) {
        List<String> matching = new ArrayList<>();
        for (String name : all) {
            if (pattern == null || pattern.matcher(name).matches()) {
                matching.add(name);
            }
        }
        matching.sort(null);
        int from = 0;
        while (after != null && from < matching.size() && matching.get(from).compareTo(after) <= 0) {
            from++;
        }
        int to = Math.min(matching.size(), from + limit);
        String next = to < matching.size() ? matching.get(to - 1) : null;
        return new Page<>(matching.size(), List.copyOf(matching.subList(from, to)), next);
    }
}
