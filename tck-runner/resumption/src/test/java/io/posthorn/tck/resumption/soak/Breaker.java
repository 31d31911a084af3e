package io.posthorn.tck.resumption.soak;

import io.posthorn.tck.resumption.Rig;
import io.posthorn.testkit.process.LinkProxy;
import io.posthorn.testkit.process.LinkProxy.Direction;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Cuts the links about every second and ends the server every few seconds. Runs on its own thread. */
final class Breaker {

    private static final int CUT_MS = 1_000;
    private static final int SERVER_MS = 8_000;

    private final Rig rig;
    private final Soak soak;
    private final Runs runs;
    private final Random chance;
    private final CountDownLatch end = new CountDownLatch(1);
    private int cutCount;
    private int killCount;
    private int stopCount;

    Breaker(Rig rig, Soak soak, Runs runs, Random chance) {
        this.rig = rig;
        this.soak = soak;
        this.runs = runs;
        this.chance = chance;
    }

    void run() {
        long nextServerNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SERVER_MS);
        try {
            while (!end.await(CUT_MS / 2 + chance.nextInt(CUT_MS), TimeUnit.MILLISECONDS)) {
                if (System.nanoTime() - nextServerNs > 0) {
                    endServer();
                    nextServerNs = System.nanoTime()
                            + TimeUnit.MILLISECONDS.toNanos(SERVER_MS / 2 + chance.nextInt(SERVER_MS));
                } else {
                    cut();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            soak.fail("breaker", e);
        } finally {
            rig.proxy().flow();
        }
    }

    void stop() {
        end.countDown();
    }

    private void cut() throws InterruptedException {
        LinkProxy proxy = rig.proxy();
        cutCount++;
        switch (chance.nextInt(6)) {
            case 0 -> lose(Direction.TO_CLIENT);
            case 1 -> lose(Direction.TO_SERVER);
            case 2 -> {
                proxy.stall(chance.nextBoolean() ? Direction.TO_CLIENT : Direction.TO_SERVER);
                pause();
                proxy.cut();
                proxy.flow();
            }
            case 3 -> {
                proxy.cutAfter(chance.nextBoolean() ? Direction.TO_CLIENT : Direction.TO_SERVER, chance.nextInt(2_000));
                pause();
                proxy.cut();
            }
            case 4 -> {
                // The second break comes during the resumption.
                proxy.cut();
                end.await(chance.nextInt(30), TimeUnit.MILLISECONDS);
                proxy.cut();
            }
            default -> proxy.cut();
        }
    }

    private void lose(Direction direction) throws InterruptedException {
        rig.proxy().swallow(direction);
        pause();
        rig.proxy().cut();
    }

    private void pause() throws InterruptedException {
        end.await(chance.nextInt(200), TimeUnit.MILLISECONDS);
    }

    private void endServer() {
        runs.end();
        if (chance.nextInt(4) == 0) {
            stopCount++;
            rig.server().stop();
            rig.server().restart();
        } else {
            killCount++;
            rig.killAndRestart();
        }
        runs.begin();
    }

    @Override
    public String toString() {
        return cutCount + " cuts, " + killCount + " kills, " + stopCount + " stops of the server";
    }
}
