package io.posthorn.jms.convert;

import jakarta.jms.MessageFormatException;
import java.util.Set;

/**
 * What a message property may be called (JMS 3.1 sections 3.5.1, 3.8.1.1 and 3.5.9): a Java identifier, since selectors have to be
 * able to name it, which is none of the words of the selector language, as those are usually written, in capitals (JORAM's suite
 * has a property called {@code true}), and no header field. The specification keeps all names that begin
 * with {@code JMS} for itself; applications use them all the same, the official TCK among them, so the others are taken.
 */
public final class PropertyNames {

    public static final String GROUP_ID = "JMSXGroupID";
    public static final String GROUP_SEQUENCE = "JMSXGroupSeq";
    public static final String DELIVERY_COUNT = "JMSXDeliveryCount";

    private static final Set<String> RESERVED =
            Set.of("NULL", "TRUE", "FALSE", "NOT", "AND", "OR", "BETWEEN", "LIKE", "IN", "IS", "ESCAPE");

    private static final Set<String> HEADER_FIELDS = Set.of(
            "JMSCorrelationID",
            "JMSDeliveryMode",
            "JMSDeliveryTime",
            "JMSDestination",
            "JMSExpiration",
            "JMSMessageID",
            "JMSPriority",
            "JMSRedelivered",
            "JMSReplyTo",
            "JMSTimestamp",
            "JMSType");

    /** Those that only a provider sets. */
    private static final Set<String> PROVIDER_SET = Set.of(
            "JMSXUserID",
            "JMSXAppID",
            DELIVERY_COUNT,
            "JMSXProducerTXID",
            "JMSXConsumerTXID",
            "JMSXRcvTimestamp",
            "JMSXState");

    private PropertyNames() {}

    /** Refuses a name that no property can have. */
    public static void check(String name) {
        if (name == null || name.isEmpty()) {
            throw new IllegalArgumentException("a property needs a name; it was " + (name == null ? "null" : "empty"));
        }
        if (!isIdentifier(name)) {
            throw new IllegalArgumentException("'" + name + "' cannot name a property: a name is a Java identifier "
                    + "(letters, digits, _ and $, not beginning with a digit), so that selectors can use it");
        }
        if (name.length() <= 7 && RESERVED.contains(name)) {
            throw new IllegalArgumentException(
                    "'" + name + "' cannot name a property: it is a word of the selector language");
        }
        if (name.startsWith("JMS") && HEADER_FIELDS.contains(name)) {
            throw new IllegalArgumentException(
                    "'" + name + "' cannot name a property: it is a header field; set it with set" + name);
        }
    }

    /**
     * Whether only a provider sets this property. Applications that copy properties from message to message set it as well, so
     * that is no error: what they set is ignored.
     */
    public static boolean isSetByProvider(String name) {
        return name.startsWith("JMSX") && PROVIDER_SET.contains(name);
    }

    /** Gives the properties of JMS 3.1 table 3-3 that an application sets the type that the table wants. */
    public static Object typed(String name, Object value) throws MessageFormatException {
        if (value == null || !name.startsWith("JMSXG")) {
            return value;
        }
        if (name.equals(GROUP_ID) && !(value instanceof String)) {
            throw new MessageFormatException(
                    GROUP_ID + " is a String, not a " + value.getClass().getSimpleName());
        }
        if (name.equals(GROUP_SEQUENCE)) {
            if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
                return ((Number) value).intValue();
            }
            throw new MessageFormatException(
                    GROUP_SEQUENCE + " is an int, not a " + value.getClass().getSimpleName());
        }
        return value;
    }

    private static boolean isIdentifier(String name) {
        if (!Character.isJavaIdentifierStart(name.codePointAt(0))) {
            return false;
        }
        for (int index = 0; index < name.length(); ) {
            int point = name.codePointAt(index);
            if (!Character.isJavaIdentifierPart(point)) {
                return false;
            }
            index += Character.charCount(point);
        }
        return true;
    }
}
