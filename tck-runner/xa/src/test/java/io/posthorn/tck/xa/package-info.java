/**
 * Global transactions with a real transaction manager, against servers in processes of their own that are killed.
 *
 * <p>{@link io.posthorn.tck.xa.VerbTableTest} says what each verb of {@code XAResource} answers in each state of a branch, without
 * a manager. {@link io.posthorn.tck.xa.GlobalTransactionTest} is what applications do, {@link io.posthorn.tck.xa.CrashTest} what
 * happens when the manager, the link or the server fails, {@link io.posthorn.tck.xa.InDoubtTest} what prepared branches do to
 * others. Tests run on one thread; the listeners on threads of their own.
 */
package io.posthorn.tck.xa;
