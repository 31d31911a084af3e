package io.posthorn.jms.session.dispatch;

import java.util.IdentityHashMap;
import java.util.Map;

/** Which sessions need threads, and whether any keeps the JVM alive. Under the monitor of the threads. */
final class Claims {

    /** How many sessions have which context class loader. */
    private final Map<ClassLoader, Integer> loaders = new IdentityHashMap<>();

    private int keepingJvmAlive;

    boolean isEmpty() {
        return loaders.isEmpty();
    }

    boolean keepJvmAlive() {
        return keepingJvmAlive > 0;
    }

    /** Takes the place of the claim that the session has, if any. True when the threads that there are do not fit any more. */
    boolean add(Dispatcher dispatcher, boolean keepsJvmAlive, ClassLoader loader) {
        boolean kept = keepJvmAlive();
        loaders.merge(loader, 1, Integer::sum);
        keepingJvmAlive += keepsJvmAlive ? 1 : 0;
        boolean isGone = dispatcher.isClaiming() && release(dispatcher);
        dispatcher.claim(keepsJvmAlive, loader);
        return isGone || kept != keepJvmAlive();
    }

    /** True when the threads that there are do not fit any more. */
    boolean remove(Dispatcher dispatcher, boolean forGood) {
        boolean kept = keepJvmAlive();
        boolean isGone = dispatcher.isClaiming() && release(dispatcher);
        dispatcher.giveUp(forGood);
        return isGone || kept != keepJvmAlive();
    }

    /** Whether its context class loader has no other session. */
    private boolean release(Dispatcher dispatcher) {
        keepingJvmAlive -= dispatcher.isKeepingJvmAlive() ? 1 : 0;
        return loaders.computeIfPresent(dispatcher.loader(), (loader, count) -> count == 1 ? null : count - 1) == null;
    }
}
