/**
 * The tests of the resource adapter in real application servers. The same tests run in each; which one is the choice of the build's
 * profile. {@link io.posthorn.servers.rig} starts what they need.
 */
package io.posthorn.servers;
