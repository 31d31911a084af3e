package io.posthorn.wire.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ValuePlaceTest {

    private static final Envelope ALL = new EnvelopeBuilder()
            .messageId("ID:1")
            .correlationId("c")
            .type("")
            .priority(9)
            .timestamp(Long.MIN_VALUE)
            .property("null", null)
            .property("yes", true)
            .property("byte", (byte) -1)
            .property("short", Short.MIN_VALUE)
            .property("char", 'x')
            .property("int", Integer.MIN_VALUE)
            .property("long", Long.MAX_VALUE)
            .property("float", -1.5f)
            .property("double", Math.PI)
            .property("string", "ž".repeat(100))
            .property("bytes", new byte[300])
            .property("", "nameless")
            .property("last", 7)
            .build();

    @Test
    void shouldReadEachTypeInPlace() {
        byte[] bytes = ALL.bytes();
        assertThat(ValuePlace.isNull(find("null"))).isTrue();
        assertThat(ValuePlace.isNull(find("missing"))).isTrue();
        assertThat(ValuePlace.flag(bytes, find("yes"))).isTrue();
        assertThat(ValuePlace.exact(bytes, find("byte"))).isEqualTo(-1);
        assertThat(ValuePlace.exact(bytes, find("short"))).isEqualTo(Short.MIN_VALUE);
        assertThat(ValuePlace.exact(bytes, find("int"))).isEqualTo(Integer.MIN_VALUE);
        assertThat(ValuePlace.exact(bytes, find("long"))).isEqualTo(Long.MAX_VALUE);
        assertThat(ValuePlace.approximate(bytes, find("float"))).isEqualTo(-1.5);
        assertThat(ValuePlace.approximate(bytes, find("double"))).isEqualTo(Math.PI);
        assertThat(text(find("string"))).isEqualTo("ž".repeat(100));
        assertThat(text(find(""))).isEqualTo("nameless");
        assertThat(ValuePlace.exact(bytes, find("last"))).isEqualTo(7);
        for (String odd : new String[] {"char", "bytes"}) {
            long place = find(odd);
            assertThat(ValuePlace.isNull(place)
                            || ValuePlace.isText(place)
                            || ValuePlace.isFlag(place)
                            || ValuePlace.isExact(place)
                            || ValuePlace.isApproximate(place))
                    .as(odd)
                    .isFalse();
        }
    }

    @Test
    void shouldReadHeaderFieldsInPlace() {
        assertThat(text(ValuePlace.ofMessageId(ALL))).isEqualTo("ID:1");
        assertThat(text(ValuePlace.ofCorrelationId(ALL))).isEqualTo("c");
        assertThat(text(ValuePlace.ofType(ALL))).isEmpty();
        assertThat(ValuePlace.exact(ALL.bytes(), ValuePlace.ofPriority())).isEqualTo(9);
        assertThat(ValuePlace.exact(ALL.bytes(), ValuePlace.ofTimestamp())).isEqualTo(Long.MIN_VALUE);
        Envelope none = new EnvelopeBuilder().property("string", "x").build();
        assertThat(ValuePlace.isNull(ValuePlace.ofType(none))).isTrue();
    }

    @Test
    void shouldRefuseToReadAnotherType() {
        assertThatThrownBy(() -> ValuePlace.exact(ALL.bytes(), find("double")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ValuePlace.approximate(ALL.bytes(), find("int")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldAgreeWithTheReaderOrRefuseAsItDoesOnBrokenBytes() {
        long seed = new Random().nextLong();
        System.out.println("ValuePlaceTest seed " + seed);
        Random random = new Random(seed);
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("a", "text");
        properties.put("b", 5);
        properties.put("c", null);
        properties.put("d", 2.5);
        // with a body, into which a broken length must not reach
        byte[] good = new EnvelopeBuilder()
                .type("t")
                .properties(properties)
                .body(BodyKind.BYTES, new byte[40], 40)
                .build()
                .bytes();
        for (int round = 0; round < 50_000; round++) {
            byte[] bytes = good.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                int index = Envelope.FIXED_LENGTH + random.nextInt(bytes.length - 40 - Envelope.FIXED_LENGTH);
                bytes[index] = (byte) (random.nextBoolean() ? random.nextInt(12) : random.nextInt());
            }
            Envelope envelope = Envelope.of(bytes);
            assertThat(placed(envelope, "d"))
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(read(envelope, "d"));
        }
    }

    private static Object read(Envelope envelope, String name) {
        try {
            Object value = envelope.property(name);
            return value instanceof Byte || value instanceof Short || value instanceof Integer
                    ? Long.valueOf(((Number) value).longValue())
                    : value instanceof Float number ? Double.valueOf(number) : value;
        } catch (MalformedException e) {
            return "malformed";
        }
    }

    private static Object placed(Envelope envelope, String name) {
        try {
            byte[] bytes = envelope.bytes();
            long place = ValuePlace.ofProperty(envelope, name.getBytes(StandardCharsets.UTF_8));
            if (ValuePlace.isExact(place)) {
                return ValuePlace.exact(bytes, place);
            } else if (ValuePlace.isApproximate(place)) {
                return ValuePlace.approximate(bytes, place);
            } else if (ValuePlace.isText(place)) {
                long span = ValuePlace.textSpan(bytes, place);
                return new String(
                        bytes, ValuePlace.spanStart(span), ValuePlace.spanLength(span), StandardCharsets.UTF_8);
            } else if (ValuePlace.isFlag(place)) {
                return ValuePlace.flag(bytes, place);
            } else if (ValuePlace.isNull(place)) {
                return null;
            }
            return envelope.property(name); // a char or bytes, which have no reader here
        } catch (MalformedException e) {
            return "malformed";
        }
    }

    private static long find(String name) {
        return ValuePlace.ofProperty(ALL, name.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(long place) {
        assertThat(ValuePlace.isText(place)).isTrue();
        long span = ValuePlace.textSpan(ALL.bytes(), place);
        return new String(ALL.bytes(), ValuePlace.spanStart(span), ValuePlace.spanLength(span), StandardCharsets.UTF_8);
    }
}
