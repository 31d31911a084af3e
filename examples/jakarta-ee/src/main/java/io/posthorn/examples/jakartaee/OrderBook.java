package io.posthorn.examples.jakartaee;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The orders that were confirmed since the server was started. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
public class OrderBook {

    private final List<String> confirmed = new CopyOnWriteArrayList<>();

    public void confirm(String order) {
        confirmed.add(order);
    }

    public String read() {
        StringBuilder text = new StringBuilder();
        confirmed.forEach(order -> text.append("confirmed: ").append(order).append('\n'));
        return text.toString();
    }
}
