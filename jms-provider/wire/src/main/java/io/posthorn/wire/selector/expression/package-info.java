/**
 * What a selector is made of once it is parsed: conditions with three truth values ({@link
 * io.posthorn.wire.selector.expression.Condition}) over operands ({@link
 * io.posthorn.wire.selector.expression.Operand}) that read the bytes of an {@link io.posthorn.wire.message.Envelope} in
 * place. Internal to {@code io.posthorn.wire.selector}, which parses the text and checks static types before it builds
 * any of this. Everything is immutable and used by any thread. Begin with {@code Condition}, then {@code Comparison}.
 */
package io.posthorn.wire.selector.expression;
