package io.posthorn.admin.model;

import java.util.List;

/**
 * Part of a list.
 *
 * @param total how many match in all
 * @param items some of them
 * @param next the name to go on behind; null at the end
 */
public record Page<T>(long total, List<T> items, String next) {}
