package io.posthorn.tck.crashes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What was done and seen in all rounds so far. */
final class CrashReport {

    private final Map<Role, Judge.Tally> tallies = new EnumMap<>(Role.class);
    private final List<Long> restartsMs = new ArrayList<>();
    private int rounds;
    private int kills;
    private int killsDuringStart;
    private int stops;
    private int clientKills;
    private long dataBytesMax;

    void kill() {
        kills++;
    }

    void killDuringStart() {
        killsDuringStart++;
    }

    void stop() {
        stops++;
    }

    void killClient() {
        clientKills++;
    }

    /** From the start of the process until it is ready. */
    void restarted(long ns) {
        restartsMs.add(TimeUnit.NANOSECONDS.toMillis(ns));
    }

    void round(Map<Role, Judge.Tally> ofRound, long dataBytes) {
        rounds++;
        dataBytesMax = Math.max(dataBytesMax, dataBytes);
        ofRound.forEach((role, tally) ->
                tallies.computeIfAbsent(role, key -> new Judge.Tally()).add(tally));
    }

    private long restartMs(double share) {
        List<Long> sorted = new ArrayList<>(restartsMs);
        Collections.sort(sorted);
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * share));
    }

    @Override
    public String toString() {
        long confirmed = tallies.entrySet().stream()
                .filter(entry -> entry.getKey().sends())
                .mapToLong(entry -> entry.getValue().done)
                .sum();
        return rounds + " rounds; server killed " + kills + " times, during its start " + killsDuringStart
                + ", stopped "
                + stops + "; clients killed " + clientKills + "; " + confirmed + " messages confirmed; ready after p50 "
                + restartMs(0.5) + " ms, max " + restartMs(1) + " ms; data at most " + (dataBytesMax >> 20) + " MiB";
    }

    /** The whole of it, as Markdown. */
    String page(long seed, Duration length, List<String> violations) {
        StringBuilder page = new StringBuilder("# Real crashes\n\n");
        page.append("Seed ")
                .append(seed)
                .append(", asked for ")
                .append(length)
                .append(": ")
                .append(this)
                .append(".\n\n");
        page.append("| role | what it did |\n| --- | --- |\n");
        tallies.forEach((role, tally) ->
                page.append("| ").append(role).append(" | ").append(tally).append(" |\n"));
        page.append('\n').append(violations.isEmpty() ? "Nothing is wrong.\n" : "Wrong:\n\n");
        violations.forEach(violation -> page.append("- ").append(violation).append('\n'));
        return page.toString();
    }
}
