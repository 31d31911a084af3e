/**
 * A server in memory behind the engine's interfaces, small enough to be read at once, for tests of what stands above them. One
 * monitor, that of {@link io.posthorn.jms.fake.FakeServer}, guards all of it. Begin there.
 */
package io.posthorn.jms.fake;
