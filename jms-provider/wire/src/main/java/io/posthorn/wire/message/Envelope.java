package io.posthorn.wire.message;

import io.posthorn.wire.frame.Address;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A message as bytes, read in place. Whoever sends it encodes it once ({@link EnvelopeBuilder}); the server looks at the
 * fixed part and, for selectors, at properties; only the consumer decodes the body. Facts about a delivery (count,
 * redelivered) travel beside the envelope. Layout, big-endian:
 *
 * <pre>
 *  0  u8   version, 1
 *  1  u8   body kind                {@link BodyKind}
 *  2  u8   flags                    1 persistent, 2 body is null, 4 body is compressed, 8 body is apart
 *  3  u8   priority                 0 to 9
 *  4  i64  timestamp                ms since 1970, 0 when the sender disabled it
 * 12  i64  expiration               ms since 1970, 0 for never
 * 20  i64  delivery time            ms since 1970, 0 for at once
 * 28  i32  length of headers
 * 32  i32  length of properties
 * 36  i32  length of body
 * 40  headers:    (u8 tag, varint length, bytes) ...     tags below
 *     properties: (string name, typed value) ...         {@link Values}
 *     body
 * </pre>
 *
 * <p>The body of a long message is apart: it travels and is stored in pieces, and what stands here in its place is a {@link
 * Manifest}.
 *
 * <p>Header tags: 1 destination, 2 reply-to (u8 kind, UTF-8 name), 3 message id, 4 correlation id, 5 correlation id as
 * bytes, 6 type. Unknown tags are skipped. Immutable, as long as nobody changes the array.
 */
public final class Envelope {

    public static final int VERSION = 1;

    static final int FLAG_PERSISTENT = 1;
    static final int FLAG_BODY_NULL = 2;
    static final int FLAG_BODY_COMPRESSED = 4;
    static final int FLAG_BODY_APART = 8;

    static final int BODY_KIND_OFFSET = 1;
    static final int FLAGS_OFFSET = 2;
    static final int PRIORITY_OFFSET = 3;
    static final int TIMESTAMP_OFFSET = 4;
    static final int EXPIRATION_OFFSET = 12;
    static final int DELIVERY_TIME_OFFSET = 20;
    static final int HEADERS_LENGTH_OFFSET = 28;
    static final int PROPERTIES_LENGTH_OFFSET = 32;
    static final int BODY_LENGTH_OFFSET = 36;
    static final int FIXED_LENGTH = 40;

    static final int TAG_DESTINATION = 1;
    static final int TAG_REPLY_TO = 2;
    static final int TAG_MESSAGE_ID = 3;
    static final int TAG_CORRELATION_ID = 4;
    static final int TAG_CORRELATION_BYTES = 5;
    static final int TAG_TYPE = 6;

    private final byte[] bytes;

    private Envelope(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Wraps bytes after checking version and lengths; a {@link MalformedException} says what is wrong with them. */
    public static Envelope of(byte[] bytes) {
        if (bytes.length < FIXED_LENGTH) {
            throw new MalformedException("an envelope of " + bytes.length + " bytes");
        }
        if (bytes[0] != VERSION) {
            throw new MalformedException("an envelope of version " + bytes[0]);
        }
        Envelope envelope = new Envelope(bytes);
        long headers = envelope.headersLength();
        long properties = envelope.propertiesLength();
        long body = envelope.bodyLength();
        if (headers < 0 || properties < 0 || body < 0 || FIXED_LENGTH + headers + properties + body != bytes.length) {
            throw new MalformedException("an envelope of " + bytes.length + " bytes whose parts are " + headers + ", "
                    + properties + " and " + body);
        }
        if (envelope.priority() > 9) {
            throw new MalformedException("a priority of " + envelope.priority());
        }
        BodyKind.of(bytes[BODY_KIND_OFFSET]);
        return envelope;
    }

    /** The encoded form itself, not a copy. */
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return bytes.length;
    }

    public BodyKind bodyKind() {
        return BodyKind.of(bytes[BODY_KIND_OFFSET]);
    }

    public boolean persistent() {
        return (bytes[FLAGS_OFFSET] & FLAG_PERSISTENT) != 0;
    }

    public boolean bodyIsNull() {
        return (bytes[FLAGS_OFFSET] & FLAG_BODY_NULL) != 0;
    }

    public boolean bodyIsCompressed() {
        return (bytes[FLAGS_OFFSET] & FLAG_BODY_COMPRESSED) != 0;
    }

    /** Whether a {@link Manifest} stands in the place of the body. */
    public boolean bodyIsApart() {
        return (bytes[FLAGS_OFFSET] & FLAG_BODY_APART) != 0;
    }

    /** The bytes of the message, its body included wherever that is. */
    public long messageLength() {
        return bodyIsApart() ? bodyOffset() + Manifest.of(this).length() : bytes.length;
    }

    /** The same message with another {@link Manifest}. */
    public Envelope with(Manifest manifest) {
        byte[] encoded = manifest.encode();
        byte[] whole = Arrays.copyOf(bytes, bodyOffset() + encoded.length);
        System.arraycopy(encoded, 0, whole, bodyOffset(), encoded.length);
        ByteWriter.INT.set(whole, BODY_LENGTH_OFFSET, encoded.length);
        whole[FLAGS_OFFSET] |= FLAG_BODY_APART;
        return new Envelope(whole);
    }

    /** The same message with its body here. */
    public Envelope withBody(byte[] body) {
        byte[] whole = Arrays.copyOf(bytes, bodyOffset() + body.length);
        System.arraycopy(body, 0, whole, bodyOffset(), body.length);
        ByteWriter.INT.set(whole, BODY_LENGTH_OFFSET, body.length);
        whole[FLAGS_OFFSET] &= ~FLAG_BODY_APART;
        return new Envelope(whole);
    }

    public int priority() {
        return bytes[PRIORITY_OFFSET] & 0xFF;
    }

    public long timestamp() {
        return (long) ByteWriter.LONG.get(bytes, TIMESTAMP_OFFSET);
    }

    public long expiration() {
        return (long) ByteWriter.LONG.get(bytes, EXPIRATION_OFFSET);
    }

    public long deliveryTime() {
        return (long) ByteWriter.LONG.get(bytes, DELIVERY_TIME_OFFSET);
    }

    public Address destination() {
        return address(TAG_DESTINATION);
    }

    public Address replyTo() {
        return address(TAG_REPLY_TO);
    }

    public String messageId() {
        return text(TAG_MESSAGE_ID);
    }

    /** The correlation id when it was set as text, otherwise null. */
    public String correlationId() {
        return text(TAG_CORRELATION_ID);
    }

    /** The correlation id when it was set as bytes, otherwise null. */
    public byte[] correlationBytes() {
        ByteReader in = header(TAG_CORRELATION_BYTES);
        return in == null ? null : in.readRemaining();
    }

    public String type() {
        return text(TAG_TYPE);
    }

    /** The value of a property whose name is given in UTF-8; null when it is absent or null. */
    public Object property(byte[] name) {
        ByteReader in = properties();
        while (in.hasRemaining()) {
            int length = in.readLength();
            if (length == name.length && in.skipAndCompare(length, name)) {
                return Values.read(in);
            } else if (length != name.length) {
                in.skip(length);
            }
            Values.skip(in);
        }
        return null;
    }

    public Object property(String name) {
        return property(name.getBytes(StandardCharsets.UTF_8));
    }

    /** All properties, in the order in which they were set. */
    public Map<String, Object> decodeProperties() {
        Map<String, Object> map = new LinkedHashMap<>();
        ByteReader in = properties();
        while (in.hasRemaining()) {
            map.put(in.readString(), Values.read(in));
        }
        return map;
    }

    public int bodyLength() {
        return (int) ByteWriter.INT.get(bytes, BODY_LENGTH_OFFSET);
    }

    /** Where the body begins in {@link #bytes()}. */
    public int bodyOffset() {
        return bytes.length - bodyLength();
    }

    public ByteReader body() {
        return new ByteReader(bytes, bodyOffset(), bodyLength());
    }

    private int headersLength() {
        return (int) ByteWriter.INT.get(bytes, HEADERS_LENGTH_OFFSET);
    }

    private int propertiesLength() {
        return (int) ByteWriter.INT.get(bytes, PROPERTIES_LENGTH_OFFSET);
    }

    private ByteReader properties() {
        return new ByteReader(bytes, FIXED_LENGTH + headersLength(), propertiesLength());
    }

    private ByteReader header(int wanted) {
        ByteReader in = new ByteReader(bytes, FIXED_LENGTH, headersLength());
        while (in.hasRemaining()) {
            int tag = in.readByte();
            int length = in.readLength();
            if (tag == wanted) {
                return new ByteReader(bytes, in.index(), length);
            }
            in.skip(length);
        }
        return null;
    }

    private String text(int tag) {
        ByteReader in = header(tag);
        return in == null ? null : in.readRemainingString();
    }

    private Address address(int tag) {
        ByteReader in = header(tag);
        if (in == null) {
            return null;
        }
        int kind = in.readByte();
        Address.Kind[] kinds = Address.Kind.values();
        if (kind < 0 || kind >= kinds.length) {
            throw new MalformedException("unknown kind of destination " + kind);
        }
        return new Address(kinds[kind], in.readRemainingString());
    }
}
