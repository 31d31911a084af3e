/**
 * The condition language of JMS 3.1 section 3.8 over an {@link io.posthorn.wire.message.Envelope}: parsed once, by the
 * client to refuse bad ones and by the server to evaluate; evaluated in place with SQL's three-valued logic. This package
 * turns text into conditions, {@code expression} is the conditions. Immutable and free of threads; knows no JMS types.
 * Begin with {@link io.posthorn.wire.selector.Selector}.
 */
package io.posthorn.wire.selector;
