package io.posthorn.examples.benchmark.work;

import io.posthorn.examples.benchmark.Metric;
import io.posthorn.examples.benchmark.scenario.Lab;
import io.posthorn.examples.benchmark.scenario.Outcome;
import io.posthorn.examples.benchmark.scenario.Round;
import io.posthorn.examples.benchmark.scenario.Scenario;
import jakarta.jms.JMSException;
import java.util.concurrent.Future;

/** Two pieces of work at the same time: the latency of the one, and the rate of the other. */
public final class Beside implements Scenario {
    private final Scenario timed;
    private final Scenario counted;
    private Lab lab;

    public Beside(Scenario timed, Scenario counted) {
        this.timed = timed;
        this.counted = counted;
    }

    @Override
    public boolean sendsAsynchronously() {
        return timed.sendsAsynchronously() || counted.sendsAsynchronously();
    }

    @Override
    public void open(Lab where) throws JMSException {
        lab = where;
        timed.open(where);
        counted.open(where);
    }

    @Override
    public Outcome run(Round round) throws Exception {
        Future<Outcome> other = lab.threads().submit(() -> counted.run(round));
        Outcome outcome = timed.run(round);
        return outcome.with(Metric.RATE, other.get().values().get(Metric.RATE));
    }
}
