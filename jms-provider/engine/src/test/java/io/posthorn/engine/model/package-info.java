/**
 * A small server, its network and a clock, all on the test's own thread. Begin with {@link
 * io.posthorn.engine.model.World}.
 */
package io.posthorn.engine.model;
