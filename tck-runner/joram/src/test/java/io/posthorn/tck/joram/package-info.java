/**
 * What the JORAM suite asks of a provider. The suite itself is a published jar that the build converts to {@code jakarta.jms}.
 *
 * <p>Begin with {@link io.posthorn.tck.joram.PosthornAdmin}. Runs on the suite's thread; one server process serves the whole run.
 */
package io.posthorn.tck.joram;
