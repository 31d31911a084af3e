/**
 * The resource adapter in the container of {@link io.posthorn.ra.harness}, with servers in their own processes. Begin with {@link
 * io.posthorn.ra.tests.InboundTest}.
 */
package io.posthorn.ra.tests;
