package io.posthorn.examples.benchmark.work;

import io.posthorn.examples.benchmark.scenario.Lab;
import io.posthorn.examples.benchmark.scenario.Outcome;
import io.posthorn.examples.benchmark.scenario.Round;
import io.posthorn.examples.benchmark.scenario.Scenario;
import jakarta.jms.JMSException;

/** Other work beside many connections that do nothing. */
public final class Crowd implements Scenario {
    private final int idle;
    private final Scenario work;

    public Crowd(int idle, Scenario work) {
        this.idle = idle;
        this.work = work;
    }

    @Override
    public boolean sendsAsynchronously() {
        return work.sendsAsynchronously();
    }

    @Override
    public void open(Lab lab) throws JMSException {
        for (int number = 0; number < idle; number++) {
            lab.connect().start();
        }
        work.open(lab);
    }

    @Override
    public Outcome run(Round round) throws Exception {
        return work.run(round);
    }
}
