package io.posthorn.wire.selector;

import io.posthorn.wire.selector.Token.Kind;
import io.posthorn.wire.selector.expression.Arithmetic;
import io.posthorn.wire.selector.expression.Comparison;
import io.posthorn.wire.selector.expression.Condition;
import io.posthorn.wire.selector.expression.LikePattern;
import io.posthorn.wire.selector.expression.Literal;
import io.posthorn.wire.selector.expression.Logic;
import io.posthorn.wire.selector.expression.Operand;
import io.posthorn.wire.selector.expression.Operand.Type;
import io.posthorn.wire.selector.expression.Reference;
import io.posthorn.wire.selector.expression.TextSet;
import io.posthorn.wire.selector.expression.TextTest;
import java.util.ArrayList;
import java.util.List;

/**
 * Recursive descent over the grammar of JMS 3.1 section 3.8.1.1, one method for each rule, loosest first:
 *
 * <pre>
 * selector  = or
 * or        = and { OR and }
 * and       = not { AND not }
 * not       = NOT not | predicate
 * predicate = sum [ (= | &lt;&gt; | &lt; | &lt;= | &gt; | &gt;=) sum
 *                 | [NOT] BETWEEN sum AND sum
 *                 | [NOT] IN ( string { , string } )
 *                 | [NOT] LIKE string [ ESCAPE string ]
 *                 | IS [NOT] NULL ]
 * sum       = product { (+ | -) product }
 * product   = sign { (* | /) sign }
 * sign      = (+ | -) sign | primary
 * primary   = identifier | string | number | TRUE | FALSE | ( or )
 * </pre>
 *
 * <p>Static types are checked where an operator meets its operands. Only parentheses, NOT and signs deepen the recursion
 * here and in the conditions that come out, and they are counted; chains of one operator are loops.
 */
final class Parser {

    static final int LENGTH_MAX = 65_536;
    static final int DEPTH_MAX = 200;

    private final String text;
    private final Tokenizer tokens;
    private Token current;
    private int depth;

    Parser(String text) {
        this.text = text;
        this.tokens = new Tokenizer(text);
    }

    Condition parse() throws InvalidSelectorSyntaxException {
        if (text.length() > LENGTH_MAX) {
            throw error(LENGTH_MAX, "a selector of " + text.length() + " characters", "at most " + LENGTH_MAX);
        }
        current = tokens.next();
        int start = current.start();
        Operand whole = or();
        if (current.kind() != Kind.END) {
            throw unexpected("an operator or the end");
        }
        return condition(whole, start);
    }

    private Operand or() throws InvalidSelectorSyntaxException {
        int start = current.start();
        Operand first = and();
        if (current.kind() != Kind.OR) {
            return first;
        }
        List<Condition> parts = new ArrayList<>();
        parts.add(condition(first, start));
        while (take(Kind.OR)) {
            int partStart = current.start();
            parts.add(condition(and(), partStart));
        }
        return new Logic.Or(parts);
    }

    private Operand and() throws InvalidSelectorSyntaxException {
        int start = current.start();
        Operand first = not();
        if (current.kind() != Kind.AND) {
            return first;
        }
        List<Condition> parts = new ArrayList<>();
        parts.add(condition(first, start));
        while (take(Kind.AND)) {
            int partStart = current.start();
            parts.add(condition(not(), partStart));
        }
        return new Logic.And(parts);
    }

    private Operand not() throws InvalidSelectorSyntaxException {
        if (current.kind() != Kind.NOT) {
            return predicate();
        }
        deeper();
        advance();
        int start = current.start();
        Condition negated = condition(not(), start);
        depth--;
        return new Logic.Not(negated);
    }

    private Operand predicate() throws InvalidSelectorSyntaxException {
        int start = current.start();
        Operand left = sum();
        return switch (current.kind()) {
            case EQUAL -> comparison(left, Comparison.Operator.EQUAL);
            case NOT_EQUAL -> comparison(left, Comparison.Operator.NOT_EQUAL);
            case LESS -> comparison(left, Comparison.Operator.LESS);
            case LESS_OR_EQUAL -> comparison(left, Comparison.Operator.LESS_OR_EQUAL);
            case GREATER -> comparison(left, Comparison.Operator.GREATER);
            case GREATER_OR_EQUAL -> comparison(left, Comparison.Operator.GREATER_OR_EQUAL);
            case IS -> isNull(left, start);
            case NOT, BETWEEN, IN, LIKE -> {
                boolean negated = take(Kind.NOT);
                yield switch (current.kind()) {
                    case BETWEEN -> between(left, negated, start);
                    case IN -> in(left, negated, start);
                    case LIKE -> like(left, negated, start);
                    default -> throw unexpected("BETWEEN, IN or LIKE after NOT");
                };
            }
            default -> left;
        };
    }

    private Condition comparison(Operand left, Comparison.Operator operator) throws InvalidSelectorSyntaxException {
        Token sign = advance();
        Operand right = sum();
        Type leftType = left.type();
        Type rightType = right.type();
        if (leftType != rightType && leftType != Type.ANY && rightType != Type.ANY) {
            throw error(
                    sign.start(),
                    sign.text() + " between " + leftType.title() + " and " + rightType.title(),
                    "two values of one type");
        }
        if (operator.isOrder()) {
            for (Type type : List.of(leftType, rightType)) {
                if (type == Type.TEXT || type == Type.FLAG) {
                    throw error(
                            sign.start(),
                            sign.text() + " with " + type.title(),
                            "= or <>, for only numbers have an order");
                }
            }
        }
        return Comparison.of(left, operator, right);
    }

    private Condition isNull(Operand left, int start) throws InvalidSelectorSyntaxException {
        Reference reference = reference(left, start, "IS NULL");
        advance();
        boolean negated = take(Kind.NOT);
        expect(Kind.NULL, negated ? "NULL after IS NOT" : "NULL or NOT NULL after IS");
        return new Logic.IsNull(reference, negated);
    }

    /** By section 3.8.1.1 BETWEEN is short for two comparisons, and so are its unknown and its unlike types. */
    private Condition between(Operand value, boolean negated, int start) throws InvalidSelectorSyntaxException {
        number(value, start, "BETWEEN");
        advance();
        Operand low = bound();
        expect(Kind.AND, "AND and the upper bound of BETWEEN");
        Operand high = bound();
        if (negated) {
            return new Logic.Or(List.of(
                    Comparison.of(value, Comparison.Operator.LESS, low),
                    Comparison.of(value, Comparison.Operator.GREATER, high)));
        }
        return new Logic.And(List.of(
                Comparison.of(value, Comparison.Operator.GREATER_OR_EQUAL, low),
                Comparison.of(value, Comparison.Operator.LESS_OR_EQUAL, high)));
    }

    private Operand bound() throws InvalidSelectorSyntaxException {
        int start = current.start();
        Operand bound = sum();
        number(bound, start, "BETWEEN");
        return bound;
    }

    private Condition in(Operand left, boolean negated, int start) throws InvalidSelectorSyntaxException {
        Reference reference = text(left, start, "IN");
        advance();
        expect(Kind.LEFT, "( after IN");
        List<String> texts = new ArrayList<>();
        do {
            texts.add(
                    expect(Kind.TEXT, "a string, as all members of an IN list").text());
        } while (take(Kind.COMMA));
        expect(Kind.RIGHT, ", or )");
        return new TextTest(reference, new TextSet(texts), negated);
    }

    private Condition like(Operand left, boolean negated, int start) throws InvalidSelectorSyntaxException {
        Reference reference = text(left, start, "LIKE");
        advance();
        Token pattern = expect(Kind.TEXT, "a string after LIKE");
        int escape = LikePattern.NO_ESCAPE;
        if (take(Kind.ESCAPE)) {
            Token token = expect(Kind.TEXT, "a string of one character after ESCAPE");
            if (token.text().codePointCount(0, token.text().length()) != 1) {
                throw error(token.start(), token.title(), "a string of one character after ESCAPE");
            }
            escape = token.text().codePointAt(0);
        }
        try {
            return new TextTest(reference, LikePattern.compile(pattern.text(), escape), negated);
        } catch (IllegalArgumentException e) {
            throw error(pattern.start(), e.getMessage(), "a pattern that LIKE can match");
        }
    }

    private Operand sum() throws InvalidSelectorSyntaxException {
        return chain(true, Kind.PLUS, Kind.MINUS);
    }

    private Operand product() throws InvalidSelectorSyntaxException {
        return chain(false, Kind.TIMES, Kind.DIVIDED_BY);
    }

    private Operand chain(boolean ofProducts, Kind one, Kind other) throws InvalidSelectorSyntaxException {
        int start = current.start();
        Operand first = ofProducts ? product() : sign();
        Arithmetic.Sign sign = arithmetic(one, other);
        if (sign == null) {
            return first;
        }
        number(first, start, current.text());
        List<Arithmetic.Sign> signs = new ArrayList<>();
        List<Operand> others = new ArrayList<>();
        while (sign != null) {
            Token operator = advance();
            int operandStart = current.start();
            Operand operand = ofProducts ? product() : sign();
            number(operand, operandStart, operator.text());
            signs.add(sign);
            others.add(operand);
            sign = arithmetic(one, other);
        }
        return Arithmetic.of(first, signs, others);
    }

    /** The arithmetic operator that comes next, when it is one of the two; otherwise null. */
    private Arithmetic.Sign arithmetic(Kind one, Kind other) {
        Kind kind = current.kind();
        if (kind != one && kind != other) {
            return null;
        }
        return switch (kind) {
            case PLUS -> Arithmetic.Sign.PLUS;
            case MINUS -> Arithmetic.Sign.MINUS;
            case TIMES -> Arithmetic.Sign.TIMES;
            default -> Arithmetic.Sign.DIVIDED_BY;
        };
    }

    private Operand sign() throws InvalidSelectorSyntaxException {
        if (current.kind() != Kind.PLUS && current.kind() != Kind.MINUS) {
            return primary();
        }
        deeper();
        Token sign = advance();
        boolean negative = sign.kind() == Kind.MINUS;
        Operand signed;
        if (current.kind() == Kind.EXACT || current.kind() == Kind.APPROXIMATE) {
            signed = number(negative); // with its sign, for 2^63 has a value only with a minus
        } else {
            int start = current.start();
            Operand operand = sign();
            number(operand, start, sign.text());
            signed = Arithmetic.signed(operand, negative);
        }
        depth--;
        return signed;
    }

    private Operand primary() throws InvalidSelectorSyntaxException {
        return switch (current.kind()) {
            case IDENTIFIER -> identifier();
            case TEXT -> Literal.of(advance().text());
            case EXACT, APPROXIMATE -> number(false);
            case TRUE, FALSE -> new Logic.Constant(advance().kind() == Kind.TRUE);
            case LEFT -> {
                deeper();
                advance();
                Operand inner = or();
                expect(Kind.RIGHT, "an operator or )");
                depth--;
                yield inner;
            }
            case NULL -> throw unexpected("a value (a null is found with IS NULL)");
            default -> throw unexpected("an identifier, a literal or (");
        };
    }

    private Literal number(boolean negated) throws InvalidSelectorSyntaxException {
        Token token = advance();
        boolean isExact = token.kind() == Kind.EXACT;
        try {
            return isExact ? Numerals.exact(token.text(), negated) : Numerals.approximate(token.text(), negated);
        } catch (NumberFormatException e) {
            throw error(
                    token.start(),
                    token.title(),
                    "a literal as in Java within the range of " + (isExact ? "long" : "double"));
        }
    }

    private Reference identifier() throws InvalidSelectorSyntaxException {
        Token token = advance();
        String name = token.text();
        if (!Reference.isKnown(name)) {
            throw error(
                    token.start(),
                    token.title() + ", which selectors cannot use",
                    "JMSDeliveryMode, JMSPriority, JMSMessageID, JMSTimestamp, JMSCorrelationID, JMSType,"
                            + " a JMSX or JMS_ property, or a name that does not begin with JMS");
        }
        return Reference.of(name);
    }

    private Condition condition(Operand operand, int start) throws InvalidSelectorSyntaxException {
        if (operand instanceof Condition condition) {
            return condition;
        }
        if (operand instanceof Reference reference && reference.type() == Type.ANY) {
            return new Logic.IsFlag(reference, true);
        }
        throw error(start, operand.type().title(), "a condition");
    }

    private void number(Operand operand, int start, String operator) throws InvalidSelectorSyntaxException {
        if (operand.type() != Type.NUMBER && operand.type() != Type.ANY) {
            throw error(start, operand.type().title(), "a number beside " + operator);
        }
    }

    private Reference text(Operand operand, int start, String operator) throws InvalidSelectorSyntaxException {
        Reference reference = reference(operand, start, operator);
        if (reference.type() == Type.NUMBER) {
            throw error(start, reference.name() + ", which is a number", "a string before " + operator);
        }
        return reference;
    }

    private Reference reference(Operand operand, int start, String operator) throws InvalidSelectorSyntaxException {
        if (operand instanceof Reference reference) {
            return reference;
        }
        throw error(start, operand.type().title(), "an identifier before " + operator);
    }

    private void deeper() throws InvalidSelectorSyntaxException {
        if (++depth > DEPTH_MAX) {
            throw error(
                    current.start(),
                    "level " + depth + " of parentheses, NOTs and signs",
                    "at most " + DEPTH_MAX + " inside one another");
        }
    }

    private Token advance() throws InvalidSelectorSyntaxException {
        Token taken = current;
        current = tokens.next();
        return taken;
    }

    private boolean take(Kind kind) throws InvalidSelectorSyntaxException {
        if (current.kind() != kind) {
            return false;
        }
        advance();
        return true;
    }

    private Token expect(Kind kind, String expected) throws InvalidSelectorSyntaxException {
        if (current.kind() != kind) {
            throw unexpected(expected);
        }
        return advance();
    }

    private InvalidSelectorSyntaxException unexpected(String expected) {
        return error(current.start(), current.title(), expected);
    }

    private InvalidSelectorSyntaxException error(int index, String found, String expected) {
        return InvalidSelectorSyntaxException.at(text, index, found, expected);
    }
}
