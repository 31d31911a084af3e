package io.posthorn.jms.convert;

import jakarta.jms.MessageFormatException;

/**
 * The conversion tables of JMS 3.1 sections 3.5.4 (properties) and 3.11.3 (map and stream items), which agree where they
 * overlap. {@code kind} and {@code name} say in errors what was read, such as {@code property} and {@code 'price'}; the name
 * may be null.
 *
 * <p>A null, which a missing value counts as, is read as the specification wants: as {@code valueOf(null)} of the type's class
 * would. So a boolean is false, the whole numbers are a {@link NumberFormatException}, and float, double and char a {@link
 * NullPointerException}. Text that is no number is a {@link NumberFormatException}; any other pair of types that is not in the
 * tables is a {@link MessageFormatException}.
 */
public final class ValueConversions {

    private ValueConversions() {}

    public static boolean toBoolean(Object value, String kind, String name) throws MessageFormatException {
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value == null || value instanceof String) {
            return Boolean.parseBoolean((String) value);
        }
        throw refused(value, "boolean", kind, name);
    }

    public static byte toByte(Object value, String kind, String name) throws MessageFormatException {
        if (value instanceof Byte number) {
            return number;
        }
        if (value == null || value instanceof String) {
            return parse((String) value, Byte::valueOf, "byte", kind, name);
        }
        throw refused(value, "byte", kind, name);
    }

    public static short toShort(Object value, String kind, String name) throws MessageFormatException {
        if (value instanceof Short || value instanceof Byte) {
            return ((Number) value).shortValue();
        }
        if (value == null || value instanceof String) {
            return parse((String) value, Short::valueOf, "short", kind, name);
        }
        throw refused(value, "short", kind, name);
    }

    public static char toChar(Object value, String kind, String name) throws MessageFormatException {
        if (value instanceof Character unit) {
            return unit;
        }
        if (value == null) {
            throw new NullPointerException(described(kind, name) + " is null, which cannot be read as a char");
        }
        throw refused(value, "char", kind, name);
    }

    public static int toInt(Object value, String kind, String name) throws MessageFormatException {
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).intValue();
        }
        if (value == null || value instanceof String) {
            return parse((String) value, Integer::valueOf, "int", kind, name);
        }
        throw refused(value, "int", kind, name);
    }

    public static long toLong(Object value, String kind, String name) throws MessageFormatException {
        if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value == null || value instanceof String) {
            return parse((String) value, Long::valueOf, "long", kind, name);
        }
        throw refused(value, "long", kind, name);
    }

    public static float toFloat(Object value, String kind, String name) throws MessageFormatException {
        if (value instanceof Float number) {
            return number;
        }
        if (value == null || value instanceof String) {
            return parse(present((String) value, "float", kind, name), Float::valueOf, "float", kind, name);
        }
        throw refused(value, "float", kind, name);
    }

    public static double toDouble(Object value, String kind, String name) throws MessageFormatException {
        if (value instanceof Double || value instanceof Float) {
            return ((Number) value).doubleValue();
        }
        if (value == null || value instanceof String) {
            return parse(present((String) value, "double", kind, name), Double::valueOf, "double", kind, name);
        }
        throw refused(value, "double", kind, name);
    }

    /** Null stays null; all types but byte[] have a text form. */
    public static String toText(Object value, String kind, String name) throws MessageFormatException {
        if (value instanceof byte[]) {
            throw refused(value, "String", kind, name);
        }
        return value == null ? null : value.toString();
    }

    /** The array itself, not a copy; null stays null. */
    public static byte[] toBytes(Object value, String kind, String name) throws MessageFormatException {
        if (value == null || value instanceof byte[]) {
            return (byte[]) value;
        }
        throw refused(value, "byte[]", kind, name);
    }

    /** Checks that a value has a type that properties can hold (JMS 3.1 section 3.5.5); null is one. */
    public static void checkPropertyValue(Object value, String name) throws MessageFormatException {
        if (value != null && !isPropertyType(value)) {
            throw new MessageFormatException("property '" + name + "' cannot hold a "
                    + value.getClass().getName()
                    + "; it takes Boolean, Byte, Short, Integer, Long, Float, Double and String");
        }
    }

    /** Checks that a value has a type that map and stream items can hold (JMS 3.1 section 3.11.3); null is one. */
    public static void checkItemValue(Object value, String kind, String name) throws MessageFormatException {
        if (value != null && !isPropertyType(value) && !(value instanceof Character) && !(value instanceof byte[])) {
            throw new MessageFormatException(described(kind, name) + " cannot hold a "
                    + value.getClass().getName()
                    + "; it takes Boolean, Byte, Short, Character, Integer, Long, Float, Double, String and byte[]");
        }
    }

    private static boolean isPropertyType(Object value) {
        return value instanceof String
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Boolean
                || value instanceof Double
                || value instanceof Float
                || value instanceof Short
                || value instanceof Byte;
    }

    private static <N> N parse(String text, Parser<N> parser, String wanted, String kind, String name) {
        try {
            return parser.parse(text);
        } catch (NumberFormatException e) {
            String held = text == null ? " is null or missing" : " holds the text '" + text + "'";
            NumberFormatException failure =
                    new NumberFormatException(described(kind, name) + held + ", which is no " + wanted);
            failure.initCause(e);
            throw failure;
        }
    }

    private static String present(String text, String wanted, String kind, String name) {
        if (text == null) {
            throw new NullPointerException(
                    described(kind, name) + " is null or missing, which cannot be read as a " + wanted);
        }
        return text;
    }

    private static MessageFormatException refused(Object value, String wanted, String kind, String name) {
        String held = value instanceof byte[] ? "byte[]" : value.getClass().getSimpleName();
        return new MessageFormatException(
                described(kind, name) + " holds a " + held + ", which cannot be read as " + wanted);
    }

    private static String described(String kind, String name) {
        return name == null ? kind : kind + " '" + name + "'";
    }

    @FunctionalInterface
    private interface Parser<N> {
        N parse(String text);
    }
}
