/**
 * What the official Jakarta Messaging TCK asks of a provider: administered objects, users, and a server for each JVM that runs it.
 *
 * <p>Begin with {@link io.posthorn.tck.kit.KitSession}, which JUnit calls before any test, then
 * {@link io.posthorn.tck.kit.PosthornObjects}, which the kit asks for each object by name. Runs on the kit's thread; knows nothing of
 * single tests.
 */
package io.posthorn.tck.kit;
