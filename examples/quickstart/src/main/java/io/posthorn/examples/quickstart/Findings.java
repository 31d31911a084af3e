package io.posthorn.examples.quickstart;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The invoices that were read back, held against the orders.
 *
 * @param missing orders without an invoice
 * @param repeated orders with more than one
 * @param wrong invoices whose content is not what the order gives, or whose order nobody placed
 */
record Findings(List<String> missing, List<String> repeated, List<String> wrong) {
    static Findings compare(List<String> orderLines, List<String> invoiceLines) {
        Map<String, String> expected = orderLines.stream()
                .map(line -> Invoice.of(Order.parse(line)))
                .collect(Collectors.toMap(Invoice::order, Invoice::toLine, (one, other) -> one, TreeMap::new));
        Map<String, Long> found = invoiceLines.stream()
                .collect(Collectors.groupingBy(Findings::orderOf, TreeMap::new, Collectors.counting()));

        TreeSet<String> missing = new TreeSet<>(expected.keySet());
        missing.removeAll(found.keySet());
        List<String> repeated = new ArrayList<>(found.keySet());
        repeated.removeIf(order -> found.get(order) == 1);
        List<String> wrong = new ArrayList<>(invoiceLines);
        wrong.removeIf(line -> line.equals(expected.get(orderOf(line))));
        return new Findings(List.copyOf(missing), repeated, wrong);
    }

    boolean areClean() {
        return missing.isEmpty() && repeated.isEmpty() && wrong.isEmpty();
    }

    private static String orderOf(String invoiceLine) {
        return invoiceLine.substring(0, Math.max(0, invoiceLine.indexOf(',')));
    }
}
