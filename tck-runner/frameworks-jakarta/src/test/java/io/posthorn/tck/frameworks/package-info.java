/**
 * What people put on top of a JMS client, as released, on top of ours: Spring JMS, pooled-jms, Spring Boot.
 *
 * <p>Begin with {@link io.posthorn.tck.frameworks.BootTest}: the versions of Spring and Netty are what Spring Boot's dependency
 * management says, as in an application. The server runs in a process of its own, on the Netty of its own jar; {@link
 * io.posthorn.tck.frameworks.TestServer} gives one to all tests that let it live.
 */
package io.posthorn.tck.frameworks;
