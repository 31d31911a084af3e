package io.posthorn.engine.transport.route;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Makes threads that inherit nothing from the caller. A thread takes over inheritable thread locals, and up to Java 23 the access control
 * context, whose protection domains lead to the class loaders of everybody on the stack; a thread that outlives an application would keep
 * all of it. So another thread makes it, which is asked not to inherit thread locals, and is itself made with only our own code on the stack.
 */
final class OrphanThreads {

    private OrphanThreads() {}

    @SuppressWarnings("removal")
    static Thread make(Supplier<Thread> making) {
        return AccessController.doPrivileged((PrivilegedAction<Thread>) () -> makeAside(making));
    }

    private static Thread makeAside(Supplier<Thread> making) {
        AtomicReference<Thread> made = new AtomicReference<>();
        Thread maker = new Thread(null, () -> made.set(making.get()), "posthorn-thread-maker", 0, false);
        maker.setDaemon(true);
        maker.setContextClassLoader(OrphanThreads.class.getClassLoader());
        maker.start();
        boolean interrupted = false;
        while (maker.isAlive()) {
            try {
                maker.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return made.get();
    }
}
