package io.posthorn.servers.application;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the listeners saw, also in transactions that were rolled back. Kept in memory: a restart of the server empties it. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
public class Diary {

    private final Map<String, List<String>> lines = new ConcurrentHashMap<>();

    public void note(String listener, String line) {
        lines.computeIfAbsent(listener, key -> new CopyOnWriteArrayList<>()).add(line);
    }

    public List<String> read(String listener) {
        return List.copyOf(lines.getOrDefault(listener, List.of()));
    }
}
