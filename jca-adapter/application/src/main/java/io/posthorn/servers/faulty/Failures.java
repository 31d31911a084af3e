package io.posthorn.servers.faulty;

import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** When {@link Thrower} failed, in milliseconds of a clock that only goes forward. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
public class Failures {

    private final List<Long> timesMs = new CopyOnWriteArrayList<>();

    public void note() {
        timesMs.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    }

    public List<Long> timesMs() {
        return List.copyOf(timesMs);
    }
}
