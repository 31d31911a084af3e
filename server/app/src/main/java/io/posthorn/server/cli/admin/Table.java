package io.posthorn.server.cli.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Rows of text under headings, each column as wide as it needs; numbers to the right. */
final class Table {

    /** What is longer moves its own row only. */
    private static final int WIDTH_MAX = 44;

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    /** A heading that begins with {@code >} is for a column of numbers. */
    Table(String... headings) {
        this.headings = List.of(headings);
    }

    Table row(Object... cells) {
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(cell == null ? "-" : String.valueOf(cell));
        }
        rows.add(row);
        return this;
    }

    void print(Consumer<String> line) {
        List<String> names = headings.stream()
                .map(heading -> isNumber(heading) ? heading.substring(1) : heading)
                .toList();
        int[] widths = new int[names.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = names.get(column).length();
            for (List<String> row : rows) {
                widths[column] = Math.max(
                        widths[column], Math.min(WIDTH_MAX, row.get(column).length()));
            }
        }
        line.accept(text(names, widths));
        rows.forEach(row -> line.accept(text(row, widths)));
    }

    private String text(List<String> cells, int[] widths) {
        StringBuilder text = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = cells.get(column);
            String room = " ".repeat(Math.max(0, widths[column] - cell.length()));
            text.append(column == 0 ? "" : "  ");
            text.append(isNumber(headings.get(column)) ? room + cell : cell + room);
        }
        return text.toString().stripTrailing();
    }

    private static boolean isNumber(String heading) {
        return heading.startsWith(">");
    }
}
