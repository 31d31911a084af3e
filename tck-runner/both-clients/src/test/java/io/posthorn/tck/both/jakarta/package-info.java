/**
 * One client behind {@link io.posthorn.tck.both.Client}. Written once, for {@code jakarta.jms}; the build renames a copy for the other
 * client. Begin with {@link io.posthorn.tck.both.jakarta.JakartaClient}.
 */
package io.posthorn.tck.both.jakarta;
