package io.posthorn.servers.faulty;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What {@link Healthy} got. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
public class Served {

    private final List<String> texts = new CopyOnWriteArrayList<>();

    public void note(String text) {
        texts.add(text);
    }

    public List<String> texts() {
        return List.copyOf(texts);
    }
}
