package io.posthorn.tck.specification;

import static io.posthorn.tck.specification.Site.WAIT_MS;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Holds a listener inside its call until the test lets it go. */
final class Barrier {

    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    /** For the listener: says that it is here and waits. Once open, nobody is held any more. */
    void pass() {
        reached.countDown();
        require(opened, "nobody let the listener go");
    }

    /** For the test: waits until somebody is held. */
    void awaitReached() {
        require(reached, "nobody came");
    }

    void open() {
        opened.countDown();
    }

    private static void require(CountDownLatch latch, String problem) {
        try {
            if (!latch.await(WAIT_MS, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(problem + " within " + WAIT_MS + " ms");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted: " + problem, e);
        }
    }
}
