package io.posthorn.broker.admin;

import java.util.List;

/**
 * What came of sending messages on.
 *
 * @param moved how many are where they were to go
 * @param left how many were wanted and stayed
 * @param reasons why these stayed, each reason once
 */
public record Resent(long moved, long left, List<String> reasons) {}
