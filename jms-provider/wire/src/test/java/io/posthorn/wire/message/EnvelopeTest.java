package io.posthorn.wire.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.wire.frame.Address;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvelopeTest {

    /** An envelope in which everything is set. */
    static Envelope full() {
        return fullBuilder().build();
    }

    private static EnvelopeBuilder fullBuilder() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("flag", true);
        properties.put("b", (byte) -1);
        properties.put("s", (short) 2);
        properties.put("i", 3);
        properties.put("l", 4L);
        properties.put("f", 0.5f);
        properties.put("d", 0.25);
        properties.put("text", "\u20AC");
        properties.put("none", null);
        byte[] body = "body, and more".getBytes(StandardCharsets.UTF_8);
        return new EnvelopeBuilder()
                .persistent(true)
                .priority(9)
                .timestamp(1_700_000_000_001L)
                .expiration(1_700_000_000_002L)
                .deliveryTime(1_700_000_000_003L)
                .destination(Address.topic("prices.\u20AC"))
                .replyTo(new Address(Address.Kind.TEMPORARY_QUEUE, "tmp-1"))
                .messageId("ID:1")
                .correlationId("corr")
                .correlationBytes(new byte[] {0, -1})
                .type("quote")
                .properties(properties)
                .body(BodyKind.TEXT, body, 4)
                .bodyCompressed(true);
    }

    @Test
    void shouldHoldAllThatWasSet() {
        Envelope envelope = Envelope.of(full().bytes());
        assertThat(envelope.persistent()).isTrue();
        assertThat(envelope.priority()).isEqualTo(9);
        assertThat(envelope.timestamp()).isEqualTo(1_700_000_000_001L);
        assertThat(envelope.expiration()).isEqualTo(1_700_000_000_002L);
        assertThat(envelope.deliveryTime()).isEqualTo(1_700_000_000_003L);
        assertThat(envelope.destination()).isEqualTo(Address.topic("prices.\u20AC"));
        assertThat(envelope.replyTo()).isEqualTo(new Address(Address.Kind.TEMPORARY_QUEUE, "tmp-1"));
        assertThat(envelope.messageId()).isEqualTo("ID:1");
        assertThat(envelope.correlationId()).isEqualTo("corr");
        assertThat(envelope.correlationBytes()).containsExactly(0, -1);
        assertThat(envelope.type()).isEqualTo("quote");
        assertThat(envelope.bodyKind()).isEqualTo(BodyKind.TEXT);
        assertThat(envelope.bodyIsNull()).isFalse();
        assertThat(envelope.bodyIsCompressed()).isTrue();
        assertThat(envelope.bodyLength()).isEqualTo(4);
        assertThat(envelope.length()).isEqualTo(envelope.bytes().length);
        assertThat(envelope.body().readRemainingString()).isEqualTo("body");
        assertThat(Arrays.copyOfRange(envelope.bytes(), envelope.bodyOffset(), envelope.length()))
                .isEqualTo("body".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void shouldBeEmptyByDefault() {
        Envelope envelope = new EnvelopeBuilder().build();
        assertThat(envelope.length()).isEqualTo(40);
        assertThat(envelope.persistent()).isFalse();
        assertThat(envelope.priority()).isEqualTo(4);
        assertThat(envelope.timestamp()).isZero();
        assertThat(envelope.expiration()).isZero();
        assertThat(envelope.deliveryTime()).isZero();
        assertThat(envelope.destination()).isNull();
        assertThat(envelope.replyTo()).isNull();
        assertThat(envelope.messageId()).isNull();
        assertThat(envelope.correlationId()).isNull();
        assertThat(envelope.correlationBytes()).isNull();
        assertThat(envelope.type()).isNull();
        assertThat(envelope.decodeProperties()).isEmpty();
        assertThat(envelope.bodyKind()).isEqualTo(BodyKind.NONE);
        assertThat(envelope.bodyIsNull()).isFalse();
        assertThat(envelope.bodyLength()).isZero();
    }

    @Test
    void shouldFindPropertiesInPlace() {
        Envelope envelope = full();
        assertThat(envelope.property("flag")).isEqualTo(true);
        assertThat(envelope.property("b")).isEqualTo((byte) -1);
        assertThat(envelope.property("s")).isEqualTo((short) 2);
        assertThat(envelope.property("i")).isEqualTo(3);
        assertThat(envelope.property("l")).isEqualTo(4L);
        assertThat(envelope.property("f")).isEqualTo(0.5f);
        assertThat(envelope.property("d")).isEqualTo(0.25);
        assertThat(envelope.property("text".getBytes(StandardCharsets.UTF_8))).isEqualTo("\u20AC");
        assertThat(envelope.property("none")).isNull();
        assertThat(envelope.property("x")).isNull();
        assertThat(envelope.property("texts")).isNull();
        assertThat(envelope.property("")).isNull();
    }

    @Test
    void shouldKeepTheOrderOfProperties() {
        assertThat(full().decodeProperties().keySet())
                .containsExactly("flag", "b", "s", "i", "l", "f", "d", "text", "none");
        assertThat(full().decodeProperties()).containsEntry("none", null).containsEntry("l", 4L);
    }

    @Test
    void shouldBuildTheSameBytesFromItself() {
        assertThat(EnvelopeBuilder.from(full()).build().bytes()).isEqualTo(full().bytes());
        Envelope empty = new EnvelopeBuilder().build();
        assertThat(EnvelopeBuilder.from(empty).build().bytes()).isEqualTo(empty.bytes());
        Envelope nullBody = new EnvelopeBuilder().nullBody(BodyKind.OBJECT).build();
        assertThat(EnvelopeBuilder.from(nullBody).build().bytes()).isEqualTo(nullBody.bytes());
    }

    @Test
    void shouldChangeSingleThingsOfAnEnvelope() {
        Envelope changed = EnvelopeBuilder.from(full())
                .persistent(false)
                .priority(0)
                .replyTo(null)
                .property("added", 1)
                .property("i", "other")
                .build();
        assertThat(changed.persistent()).isFalse();
        assertThat(changed.bodyIsCompressed()).isTrue();
        assertThat(changed.priority()).isZero();
        assertThat(changed.replyTo()).isNull();
        assertThat(changed.property("added")).isEqualTo(1);
        assertThat(changed.property("i")).isEqualTo("other");
        assertThat(changed.messageId()).isEqualTo("ID:1");
        assertThat(full().property("added")).isNull();
    }

    @Test
    void shouldBuildAgainFromOneBuilder() {
        EnvelopeBuilder builder = fullBuilder();
        byte[] first = builder.build().bytes();
        assertThat(builder.build().bytes()).isEqualTo(first);
        assertThat(builder.messageId("ID:2").build().messageId()).isEqualTo("ID:2");
    }

    @Test
    void shouldTellANullBodyFromAnEmptyOne() {
        Envelope nullText = new EnvelopeBuilder().nullBody(BodyKind.TEXT).build();
        assertThat(nullText.bodyKind()).isEqualTo(BodyKind.TEXT);
        assertThat(nullText.bodyIsNull()).isTrue();
        Envelope emptyText = EnvelopeBuilder.from(nullText)
                .body(BodyKind.TEXT, new byte[0], 0)
                .build();
        assertThat(emptyText.bodyIsNull()).isFalse();
        assertThat(emptyText.bodyLength()).isZero();
    }

    @Test
    void shouldAddAPropertyToAMapThatCannotBeChanged() {
        Map<String, Object> unchangeable = Map.of("a", 1);
        Envelope envelope =
                new EnvelopeBuilder().properties(unchangeable).property("b", 2).build();
        assertThat(envelope.decodeProperties()).containsOnly(Map.entry("a", 1), Map.entry("b", 2));
    }

    @Test
    void shouldKeepUnpairedSurrogatesInTextsButNotInDestinations() {
        Envelope envelope = new EnvelopeBuilder()
                .destination(Address.queue("a\uD800"))
                .messageId("\uDC00")
                .property("p\uD800", "v\uDC00")
                .build();
        assertThat(envelope.destination()).isEqualTo(Address.queue("a?"));
        assertThat(envelope.messageId()).isEqualTo("\uDC00");
        assertThat(envelope.decodeProperties()).containsExactly(Map.entry("p\uD800", "v\uDC00"));
    }

    @Test
    void shouldRefuseAPriorityOutOfBounds() {
        for (int priority : new int[] {-1, 10}) {
            assertThatThrownBy(() -> new EnvelopeBuilder().priority(priority))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(String.valueOf(priority));
        }
    }

    @Test
    void shouldRefuseBytesThatAreTooShort() {
        assertMalformed(new byte[0], "0 bytes");
        assertMalformed(new byte[39], "39 bytes");
        byte[] cut = full().bytes();
        assertMalformed(Arrays.copyOf(cut, cut.length - 1), "whose parts are");
        assertMalformed(Arrays.copyOf(cut, cut.length + 1), "whose parts are");
    }

    @Test
    void shouldRefuseAnotherVersion() {
        assertMalformed(changed(0, 2), "version 2");
        assertMalformed(changed(0, 0), "version 0");
    }

    @Test
    void shouldRefuseAnUnknownBodyKindOrPriority() {
        assertMalformed(changed(1, 6), "body kind 6");
        assertMalformed(changed(1, -1), "body kind -1");
        assertMalformed(changed(3, 10), "priority of 10");
        assertMalformed(changed(3, -1), "priority of 255");
    }

    @Test
    void shouldRefuseNegativeLengthsThatAddUp() {
        byte[] bytes = new EnvelopeBuilder().build().bytes();
        ByteWriter out = new ByteWriter(40);
        out.writeBytes(bytes, 0, 28);
        out.writeInt(-1);
        out.writeInt(1);
        out.writeInt(0);
        assertMalformed(out.toByteArray(), "-1");
    }

    @Test
    void shouldPassOverHeadersOfLaterVersions() {
        byte[] bytes = new EnvelopeBuilder().messageId("ID:1").build().bytes();
        ByteWriter out = new ByteWriter(64);
        out.writeBytes(bytes, 0, 40);
        out.writeByte(99);
        out.writeSized(new byte[3]);
        out.writeBytes(bytes, 40, bytes.length - 40);
        out.setInt(28, out.size() - 40);
        assertThat(Envelope.of(out.toByteArray()).messageId()).isEqualTo("ID:1");
    }

    @Test
    void shouldRefuseAHeaderThatRunsOverItsPart() {
        byte[] bytes = new EnvelopeBuilder()
                .messageId("ID:1")
                .body(BodyKind.BYTES, new byte[9], 9)
                .build()
                .bytes();
        bytes[41] = 5;
        Envelope envelope = Envelope.of(bytes);
        assertThatThrownBy(envelope::messageId).isInstanceOf(MalformedException.class);
    }

    @Test
    void shouldRefuseAnAddressOfAnUnknownKind() {
        byte[] bytes =
                new EnvelopeBuilder().destination(Address.queue("q")).build().bytes();
        bytes[42] = 4;
        Envelope envelope = Envelope.of(bytes);
        assertThatThrownBy(envelope::destination)
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("kind of destination 4");
    }

    /** When this fails, stored messages of other releases could not be read: change the code, not the file. */
    @Test
    void shouldHaveTheBytesThatItAlwaysHad() throws IOException {
        try (InputStream in = EnvelopeTest.class.getResourceAsStream("golden-envelope.txt")) {
            String golden = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
            assertThat(HexFormat.of().formatHex(full().bytes())).isEqualTo(golden);
            assertThat(EnvelopeBuilder.from(Envelope.of(HexFormat.of().parseHex(golden)))
                            .build()
                            .bytes())
                    .isEqualTo(full().bytes());
        }
    }

    private static byte[] changed(int index, int value) {
        byte[] bytes = full().bytes();
        bytes[index] = (byte) value;
        return bytes;
    }

    private static void assertMalformed(byte[] bytes, String text) {
        assertThatThrownBy(() -> Envelope.of(bytes))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining(text);
    }
}
