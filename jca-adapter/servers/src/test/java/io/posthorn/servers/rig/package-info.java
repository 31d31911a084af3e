/**
 * An application server under test: an Arquillian container that drives each server as people do, by its own scripts, its own
 * configuration files and its own folder for applications.
 *
 * <p>Begin with {@link io.posthorn.servers.rig.Rig}, which tests have injected, and
 * {@link io.posthorn.servers.rig.ServerKind}, which says what differs between servers. The vendors' own containers for Arquillian are
 * not used: each has ways of its own, none can be killed and started again in the middle of a test, and some change the very
 * configuration that is under test here.
 */
package io.posthorn.servers.rig;
