/**
 * What the specification of Jakarta Messaging 3.1 says and the official kit does not look at. One class for a chapter, or for the
 * part of one that its name says; {@link io.posthorn.tck.specification.Section} on each test names the sections that it holds to,
 * and {@link io.posthorn.tck.specification.SectionsTest} compares the list in {@code docs/conformance.md} with these.
 *
 * <p>The tests know {@code jakarta.jms} and JNDI and nothing of Posthorn, but for options of its URL. They share one server, in a
 * process of its own or inside this JVM ({@link io.posthorn.tck.specification.SharedServer}); each has destinations of its own and
 * connections that are closed after it: begin with {@link io.posthorn.tck.specification.Site}. Tests run on one thread; what has to
 * happen beside it runs on a {@link io.posthorn.tck.specification.Worker} or in a {@link io.posthorn.tck.specification.ChildClient}.
 */
package io.posthorn.tck.specification;
