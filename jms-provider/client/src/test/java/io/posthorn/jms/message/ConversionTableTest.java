package io.posthorn.jms.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.JMSException;
import jakarta.jms.MessageFormatException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every pair of types of the tables of JMS 3.1 sections 3.5.4 and 3.11.3, on messages being written and received. */
class ConversionTableTest {

    private enum Type {
        BOOLEAN(true),
        BYTE((byte) 11),
        SHORT((short) 12),
        CHAR('c'),
        INT(13),
        LONG(14L),
        FLOAT(1.5f),
        DOUBLE(2.5),
        STRING("1"),
        BYTES(new byte[] {1, 2});

        final Object sample;

        Type(Object sample) {
            this.sample = sample;
        }
    }

    /** What may be read from what, and what then comes; all else is a MessageFormatException. */
    private static final Map<Type, Map<Type, Object>> TABLE = Map.of(
            Type.BOOLEAN, Map.of(Type.BOOLEAN, true, Type.STRING, "true"),
            Type.BYTE,
                    Map.of(
                            Type.BYTE,
                            (byte) 11,
                            Type.SHORT,
                            (short) 11,
                            Type.INT,
                            11,
                            Type.LONG,
                            11L,
                            Type.STRING,
                            "11"),
            Type.SHORT, Map.of(Type.SHORT, (short) 12, Type.INT, 12, Type.LONG, 12L, Type.STRING, "12"),
            Type.CHAR, Map.of(Type.CHAR, 'c', Type.STRING, "c"),
            Type.INT, Map.of(Type.INT, 13, Type.LONG, 13L, Type.STRING, "13"),
            Type.LONG, Map.of(Type.LONG, 14L, Type.STRING, "14"),
            Type.FLOAT, Map.of(Type.FLOAT, 1.5f, Type.DOUBLE, 1.5, Type.STRING, "1.5"),
            Type.DOUBLE, Map.of(Type.DOUBLE, 2.5, Type.STRING, "2.5"),
            Type.STRING,
                    Map.of(
                            Type.BOOLEAN,
                            false,
                            Type.BYTE,
                            (byte) 1,
                            Type.SHORT,
                            (short) 1,
                            Type.INT,
                            1,
                            Type.LONG,
                            1L,
                            Type.FLOAT,
                            1f,
                            Type.DOUBLE,
                            1.0,
                            Type.STRING,
                            "1"),
            Type.BYTES, Map.of(Type.BYTES, new byte[] {1, 2}));

    private interface Holder {
        Object read(Type as) throws JMSException;
    }

    private static Holder property(PosthornMessage message) {
        return as -> switch (as) {
            case BOOLEAN -> message.getBooleanProperty("p");
            case BYTE -> message.getByteProperty("p");
            case SHORT -> message.getShortProperty("p");
            case INT -> message.getIntProperty("p");
            case LONG -> message.getLongProperty("p");
            case FLOAT -> message.getFloatProperty("p");
            case DOUBLE -> message.getDoubleProperty("p");
            case STRING -> message.getStringProperty("p");
            case CHAR, BYTES -> throw new AssertionError("properties have no " + as);
        };
    }

    private static Holder entry(PosthornMapMessage map) {
        return as -> switch (as) {
            case BOOLEAN -> map.getBoolean("p");
            case BYTE -> map.getByte("p");
            case SHORT -> map.getShort("p");
            case CHAR -> map.getChar("p");
            case INT -> map.getInt("p");
            case LONG -> map.getLong("p");
            case FLOAT -> map.getFloat("p");
            case DOUBLE -> map.getDouble("p");
            case STRING -> map.getString("p");
            case BYTES -> map.getBytes("p");
        };
    }

    private static Holder item(PosthornStreamMessage stream) {
        return as -> switch (as) {
            case BOOLEAN -> stream.readBoolean();
            case BYTE -> stream.readByte();
            case SHORT -> stream.readShort();
            case CHAR -> stream.readChar();
            case INT -> stream.readInt();
            case LONG -> stream.readLong();
            case FLOAT -> stream.readFloat();
            case DOUBLE -> stream.readDouble();
            case STRING -> stream.readString();
            case BYTES -> {
                byte[] buffer = new byte[2];
                int count = stream.readBytes(buffer);
                yield count < 0 ? null : buffer;
            }
        };
    }

    /** A value as property, map entry and stream item, each as set and as received. */
    private static Map<String, Holder> holders(Object value, boolean properties) throws JMSException {
        Map<String, Holder> holders = new LinkedHashMap<>();
        if (properties) {
            PosthornPlainMessage plain = new PosthornPlainMessage();
            plain.setObjectProperty("p", value);
            holders.put("property", property(plain));
            holders.put("received property", property(Messages.received(plain)));
        }
        PosthornMapMessage map = new PosthornMapMessage();
        map.setObject("p", value);
        holders.put("entry", entry(map));
        holders.put("received entry", entry(Messages.received(map)));
        PosthornStreamMessage stream = new PosthornStreamMessage();
        stream.writeObject(value);
        holders.put("received item", item(Messages.received(stream)));
        stream.reset();
        holders.put("item", item(stream));
        return holders;
    }

    static Stream<Arguments> pairs() {
        List<Arguments> pairs = new ArrayList<>();
        for (Type from : Type.values()) {
            for (Type to : Type.values()) {
                pairs.add(Arguments.of(from.name(), to.name()));
            }
        }
        return pairs.stream();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void shouldConvertAsTheTableSays(String fromName, String toName) throws JMSException {
        Type from = Type.valueOf(fromName);
        Type to = Type.valueOf(toName);
        boolean properties = from != Type.CHAR && from != Type.BYTES && to != Type.CHAR && to != Type.BYTES;
        for (Map.Entry<String, Holder> holder : holders(from.sample, properties).entrySet()) {
            Object expected = TABLE.get(from).get(to);
            if (expected == null) {
                assertThatThrownBy(() -> holder.getValue().read(to))
                        .as(holder.getKey())
                        .isInstanceOf(MessageFormatException.class)
                        .hasMessageContaining("cannot be read as");
            } else {
                assertThat(holder.getValue().read(to)).as(holder.getKey()).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void shouldReadNullAsValueOfNullWould(String name) throws JMSException {
        Type to = Type.valueOf(name);
        for (Map.Entry<String, Holder> holder :
                holders(null, to != Type.CHAR && to != Type.BYTES).entrySet()) {
            switch (to) {
                case BOOLEAN -> assertThat(holder.getValue().read(to)).isEqualTo(false);
                case STRING, BYTES -> assertThat(holder.getValue().read(to)).isNull();
                case BYTE, SHORT, INT, LONG ->
                    assertThatThrownBy(() -> holder.getValue().read(to))
                            .as(holder.getKey())
                            .isInstanceOf(NumberFormatException.class);
                case CHAR, FLOAT, DOUBLE ->
                    assertThatThrownBy(() -> holder.getValue().read(to))
                            .as(holder.getKey())
                            .isInstanceOf(NullPointerException.class);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void shouldReadTextThatIsNoNumberAsNumberFormatException(String name) throws JMSException {
        Type to = Type.valueOf(name);
        if (to == Type.BOOLEAN || to == Type.STRING || to == Type.CHAR || to == Type.BYTES) {
            return;
        }
        for (Map.Entry<String, Holder> holder : holders("one", true).entrySet()) {
            assertThatThrownBy(() -> holder.getValue().read(to))
                    .as(holder.getKey())
                    .isInstanceOf(NumberFormatException.class)
                    .hasMessageContaining("'one'");
        }
    }

    static Stream<String> targets() {
        return Stream.of(Type.values()).map(Enum::name);
    }

    @ParameterizedTest
    @MethodSource("properties")
    void shouldTakeWrittenFormsOfTrue(String text, boolean expected) throws JMSException {
        for (Holder holder : holders(text, true).values()) {
            assertThat(holder.read(Type.BOOLEAN)).isEqualTo(expected);
        }
    }

    static Stream<Arguments> properties() {
        return Stream.of(Arguments.of("true", true), Arguments.of("TRUE", true), Arguments.of("yes", false));
    }
}
