package io.posthorn.examples.quickstart;

import java.math.BigDecimal;

/** One line of {@code orders.csv}: order, placed, customer, country, article, description, quantity, unit price. */
record Order(String number, String customer, String country, String article, int quantity, BigDecimal unitPrice) {
    private static final int COLUMNS = 8;

    static Order parse(String line) {
        String[] columns = line.split(",", -1);
        if (columns.length != COLUMNS) {
            throw new IllegalArgumentException(
                    "An order has " + COLUMNS + " columns, but this line has " + columns.length + ": " + line);
        }
        return new Order(
                columns[0],
                columns[2],
                columns[3],
                columns[4],
                Integer.parseInt(columns[6]),
                new BigDecimal(columns[7]));
    }
}
