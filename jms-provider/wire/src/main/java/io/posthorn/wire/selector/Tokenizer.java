package io.posthorn.wire.selector;

import io.posthorn.wire.selector.Token.Kind;

/** Cuts a selector into tokens, from left to right, on demand. Not thread-safe. */
final class Tokenizer {

    private final String text;
    private int index;

    Tokenizer(String text) {
        this.text = text;
    }

    Token next() throws InvalidSelectorSyntaxException {
        while (index < text.length() && isWhitespace(text.charAt(index))) {
            index++;
        }
        if (index == text.length()) {
            return new Token(Kind.END, index, "");
        }
        int first = text.codePointAt(index);
        if (Character.isJavaIdentifierStart(first)) {
            return word();
        }
        if (isDigit(first) || first == '.' && isDigit(peek(1))) {
            return number();
        }
        return first == '\'' ? string() : symbol(first);
    }

    /** Java's whitespace (JLS 3.6), which is less than {@link Character#isWhitespace}. */
    private static boolean isWhitespace(char unit) {
        return unit == ' ' || unit == '\t' || unit == '\f' || unit == '\n' || unit == '\r';
    }

    private Token word() {
        int start = index;
        while (index < text.length() && Character.isJavaIdentifierPart(text.codePointAt(index))) {
            index += Character.charCount(text.codePointAt(index));
        }
        String word = text.substring(start, index);
        return new Token(kindOf(word), start, word);
    }

    private static Kind kindOf(String word) {
        return switch (upperCase(word)) {
            case "NULL" -> Kind.NULL;
            case "TRUE" -> Kind.TRUE;
            case "FALSE" -> Kind.FALSE;
            case "NOT" -> Kind.NOT;
            case "AND" -> Kind.AND;
            case "OR" -> Kind.OR;
            case "BETWEEN" -> Kind.BETWEEN;
            case "LIKE" -> Kind.LIKE;
            case "IN" -> Kind.IN;
            case "IS" -> Kind.IS;
            case "ESCAPE" -> Kind.ESCAPE;
            default -> Kind.IDENTIFIER;
        };
    }

    /** Upper case of a to z alone: Unicode's rules would take an identifier with a dotless i for a keyword. */
    private static String upperCase(String word) {
        if (word.length() > "BETWEEN".length()) {
            return word;
        }
        char[] units = word.toCharArray();
        for (int i = 0; i < units.length; i++) {
            if (units[i] >= 'a' && units[i] <= 'z') {
                units[i] -= 'a' - 'A';
            }
        }
        return new String(units);
    }

    private Token string() throws InvalidSelectorSyntaxException {
        int start = index++;
        StringBuilder content = new StringBuilder();
        while (true) {
            int quote = text.indexOf('\'', index);
            if (quote < 0) {
                throw error(start, "a string that does not end", "a closing ' (a ' inside a string is written twice)");
            }
            content.append(text, index, quote);
            index = quote + 1;
            if (peek(0) != '\'') {
                return new Token(Kind.TEXT, start, content.toString());
            }
            content.append('\'');
            index++;
        }
    }

    private Token symbol(int first) throws InvalidSelectorSyntaxException {
        int start = index;
        int second = peek(1);
        return switch (first) {
            case '=' -> symbol(Kind.EQUAL, 1);
            case '<' ->
                second == '>'
                        ? symbol(Kind.NOT_EQUAL, 2)
                        : second == '=' ? symbol(Kind.LESS_OR_EQUAL, 2) : symbol(Kind.LESS, 1);
            case '>' -> second == '=' ? symbol(Kind.GREATER_OR_EQUAL, 2) : symbol(Kind.GREATER, 1);
            case '+' -> symbol(Kind.PLUS, 1);
            case '-' -> symbol(Kind.MINUS, 1);
            case '*' -> symbol(Kind.TIMES, 1);
            case '/' -> symbol(Kind.DIVIDED_BY, 1);
            case ',' -> symbol(Kind.COMMA, 1);
            case '(' -> symbol(Kind.LEFT, 1);
            case ')' -> symbol(Kind.RIGHT, 1);
            case '"' -> throw error(start, "a double quote", "a string in single quotes");
            case '!' -> throw error(start, "!", "<> for not equal, or NOT");
            default -> throw error(start, describe(first), "an identifier, a literal or an operator");
        };
    }

    private Token symbol(Kind kind, int length) {
        int start = index;
        index += length;
        return new Token(kind, start, text.substring(start, index));
    }

    private static String describe(int codePoint) {
        String number = String.format("the character U+%04X", codePoint);
        return codePoint > ' ' && codePoint < 0x7F ? Character.toString(codePoint) : number;
    }

    /** A number of any radix; {@link Numerals} gives its value. */
    private Token number() throws InvalidSelectorSyntaxException {
        int start = index;
        int marker = peek(0) == '0' ? peek(1) | 0x20 : 0;
        boolean isHex = marker == 'x';
        if (isHex || marker == 'b') {
            index += 2;
        }
        boolean approximate = digits(isHex);
        if (isOneOf(isHex ? 'p' : 'e')) {
            approximate = true;
            index++;
            if (peek(0) == '+' || peek(0) == '-') {
                index++;
            }
            digits(false);
        }
        if (isOneOf('l')) {
            index++;
        } else if (isOneOf('f') || isOneOf('d')) {
            approximate = true;
            index++;
        }
        if (index < text.length() && (Character.isJavaIdentifierPart(text.codePointAt(index)) || peek(0) == '.')) {
            throw error(
                    start,
                    "a number that goes on with " + describe(text.codePointAt(index)),
                    "a space or an operator after it");
        }
        return new Token(approximate ? Kind.APPROXIMATE : Kind.EXACT, start, text.substring(start, index));
    }

    /** Passes over digits, underscores and one dot, and says whether there was a dot. */
    private boolean digits(boolean hex) {
        boolean dot = false;
        while (isDigit(peek(0)) || peek(0) == '_' || hex && Numerals.isHexDigit(peek(0)) || !dot && peek(0) == '.') {
            dot |= peek(0) == '.';
            index++;
        }
        return dot;
    }

    private boolean isOneOf(char lowerCase) {
        return (peek(0) | 0x20) == lowerCase;
    }

    /** The character so many further, 0 after the end. */
    private int peek(int further) {
        return index + further < text.length() ? text.charAt(index + further) : 0;
    }

    private static boolean isDigit(int unit) {
        return unit >= '0' && unit <= '9';
    }

    private InvalidSelectorSyntaxException error(int at, String found, String expected) {
        return InvalidSelectorSyntaxException.at(text, at, found, expected);
    }
}
