/**
 * A real transaction manager, Narayana, for tests of global transactions and their recovery: one for each JVM, driven by the test's
 * own thread. Begin with {@link io.posthorn.testkit.transaction.Coordinator}. Knows nothing of Posthorn. Whoever uses it brings the
 * manager: it is an optional dependency of the testkit.
 */
package io.posthorn.testkit.transaction;
