package io.posthorn.examples.quickstart;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** What an order costs: the goods, less 5 % from twenty pieces on, and the value added tax of the customer's country. */
record Invoice(String order, String customer, BigDecimal net, BigDecimal tax) {
    private static final int DISCOUNT_FROM = 20;
    private static final BigDecimal DISCOUNTED = new BigDecimal("0.95");
    private static final int CENTS = 2;

    static Invoice of(Order order) {
        BigDecimal goods = order.unitPrice().multiply(BigDecimal.valueOf(order.quantity()));
        BigDecimal net = order.quantity() >= DISCOUNT_FROM ? goods.multiply(DISCOUNTED) : goods;
        BigDecimal rounded = net.setScale(CENTS, RoundingMode.HALF_UP);
        BigDecimal tax = rounded.multiply(taxRate(order.country())).setScale(CENTS, RoundingMode.HALF_UP);
        return new Invoice(order.number(), order.customer(), rounded, tax);
    }

    /** The invoice as one line of text. */
    String toLine() {
        return String.join(
                ",",
                order,
                customer,
                net.toPlainString(),
                tax.toPlainString(),
                net.add(tax).toPlainString());
    }

    private static BigDecimal taxRate(String country) {
        return switch (country) {
            case "DE" -> new BigDecimal("0.19");
            case "AT", "FR" -> new BigDecimal("0.20");
            case "ES", "NL" -> new BigDecimal("0.21");
            case "IT" -> new BigDecimal("0.22");
            case "PL", "PT" -> new BigDecimal("0.23");
            case "SE" -> new BigDecimal("0.25");
            default -> throw new IllegalArgumentException("No tax rate is known for country " + country);
        };
    }
}
