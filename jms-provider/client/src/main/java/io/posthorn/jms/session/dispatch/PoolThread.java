package io.posthorn.jms.session.dispatch;

import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** A thread that keeps nothing of whoever made it: no inheritable thread locals, no context class loader, no access control context. */
abstract class PoolThread extends Thread {

    PoolThread(String name, boolean daemon) {
        super(null, null, name, 0, false);
        setDaemon(daemon);
        forgetLoader();
    }

    /** Up to Java 23 a thread takes over the access control context, and with it the class loaders of everybody on the stack. */
    @SuppressWarnings("removal")
    static <T extends PoolThread> T make(Supplier<T> maker) {
        return AccessController.doPrivileged((PrivilegedAction<T>) maker::get);
    }

    final void forgetLoader() {
        setContextClassLoader(PoolThread.class.getClassLoader());
    }

    /** Starts or wakes it. By the one who was told to, and not under the monitor. */
    final void rouse() {
        if (getState() == State.NEW) {
            start();
        } else {
            wake();
        }
    }

    void wake() {
        LockSupport.unpark(this);
    }
}
