package io.posthorn.admin.model;

import java.util.List;

/**
 * What came of an order.
 *
 * @param done what was done, for people
 * @param count how many messages it was about
 * @param left how many were wanted and stayed
 * @param reasons why these stayed
 */
public record Outcome(String done, long count, long left, List<String> reasons) {

    public static Outcome of(String done, long count) {
        return new Outcome(done, count, 0, List.of());
    }
}
