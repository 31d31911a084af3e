/**
 * The parts of a connection URL: its addresses, its options, and the texts of its errors. Immutable values and pure
 * functions, for any thread. It does not know what the options do. Begin with {@link io.posthorn.engine.ServerUrl}, which
 * is what everybody else uses.
 */
package io.posthorn.engine.url;
