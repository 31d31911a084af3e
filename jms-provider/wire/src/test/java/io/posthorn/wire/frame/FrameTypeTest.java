package io.posthorn.wire.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.wire.message.ByteReader;
import io.posthorn.wire.message.MalformedException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The table, the records and the codec say the same. */
class FrameTypeTest {

    @Test
    void shouldNumberTheFramesOfEachSideInItsHalf() {
        int before = 0;
        for (FrameType type : FrameType.values()) {
            assertThat(type.number()).as(type.name()).isGreaterThan(before).isBetween(1, 127);
            assertThat(type.side())
                    .as(type.name())
                    .isEqualTo(type.number() < 64 ? FrameType.Side.CLIENT : FrameType.Side.SERVER);
            assertThat(FrameType.of(type.number())).isEqualTo(type);
            before = type.number();
        }
    }

    @Test
    void shouldSayWhatEachFrameIsFor() {
        for (FrameType type : FrameType.values()) {
            assertThat(type.purpose()).as(type.name()).endsWith(".");
            assertThat(type.since()).as(type.name()).isBetween(1, Preface.VERSION);
        }
    }

    @Test
    void shouldRefuseUnknownNumbers() {
        for (int number : new int[] {Integer.MIN_VALUE, -1, 0, 63, 127, 128, Integer.MAX_VALUE}) {
            assertThatThrownBy(() -> FrameType.of(number))
                    .isInstanceOf(MalformedException.class)
                    .hasMessageContaining(String.valueOf(number));
        }
    }

    @Test
    void shouldHaveOneRowForEachRecord() {
        List<Class<?>> records = new ArrayList<>(List.of(ClientFrame.class.getPermittedSubclasses()));
        records.addAll(List.of(ServerFrame.class.getPermittedSubclasses()));
        assertThat(SampleFrames.ordinary().values().stream()
                        .map(Object::getClass)
                        .toList())
                .hasSize(FrameType.values().length)
                .containsExactlyInAnyOrderElementsOf(records);
    }

    @Test
    void shouldWriteTheFieldsThatTheTableLists() throws ReflectiveOperationException {
        for (Frame frame : SampleFrames.ordinary().values()) {
            assertFollowsTable(frame);
        }
        for (Frame frame : SampleFrames.edges()) {
            assertFollowsTable(frame);
        }
    }

    private static void assertFollowsTable(Frame frame) throws ReflectiveOperationException {
        byte[] bytes = new byte[SampleFrames.encoded(frame).readableBytes()];
        SampleFrames.encoded(frame).readBytes(bytes);
        ByteReader in = new ByteReader(bytes, 0, bytes.length);
        assertThat(in.readInt()).isEqualTo(bytes.length - 4);
        FrameType type = FrameType.of(in.readUnsignedByte());
        RecordComponent[] components = frame.getClass().getRecordComponents();
        List<String> fields = type.fields().isEmpty()
                ? List.of()
                : Arrays.asList(type.fields().split(" ", -1));
        assertThat(fields).as(type.name()).hasSameSizeAs(components);
        for (int index = 0; index < components.length; index++) {
            String name = fields.get(index).substring(0, fields.get(index).indexOf(':'));
            String kind = fields.get(index).substring(name.length() + 1);
            assertThat(name).as(type.name()).isEqualTo(components[index].getName());
            Object expected = components[index].getAccessor().invoke(frame);
            Object read = read(kind, in);
            assertThat(
                            read instanceof Long && expected instanceof Integer number
                                    ? (Object) number.longValue()
                                    : expected)
                    .as(type + "." + name)
                    .isEqualTo(read);
        }
        assertThat(in.remaining()).as(type.name()).isZero();
    }

    private static Object read(String kind, ByteReader in) {
        return switch (kind) {
            case "varint" -> in.readVarint();
            case "i32" -> in.readInt();
            case "bool" -> in.readBoolean();
            case "uuid" -> new UUID(in.readLong(), in.readLong());
            case "string" -> in.readString();
            case "string?" -> readStringOrNull(in);
            case "error" -> ErrorCode.of((int) in.readVarint());
            case "address" -> readAddress(in);
            case "ranges" -> readRanges(in);
            case "branch" -> readBranch(in);
            case "source" ->
                new Source(
                        readAddress(in),
                        Source.Mode.values()[in.readByte()],
                        readStringOrNull(in),
                        in.readBoolean(),
                        in.readBoolean(),
                        in.readBoolean(),
                        readStringOrNull(in));
            case "handed[]" -> readHanded(in);
            case "branch[]" -> readBranches(in);
            case "rest" -> in.readRemaining();
            default -> throw new AssertionError("a type that this test does not know: " + kind);
        };
    }

    private static String readStringOrNull(ByteReader in) {
        int length = (int) in.readVarint();
        if (length == 0) {
            return null;
        }
        byte[] text = new byte[length - 1];
        for (int index = 0; index < text.length; index++) {
            text[index] = (byte) in.readByte();
        }
        return new String(text, java.nio.charset.StandardCharsets.UTF_8);
    }

    private static Address readAddress(ByteReader in) {
        return new Address(Address.Kind.values()[in.readByte()], in.readString());
    }

    private static EntryRanges readRanges(ByteReader in) {
        long[] bounds = new long[2 * (int) in.readVarint()];
        long before = 0;
        for (int index = 0; index < bounds.length; index++) {
            bounds[index] = before + in.readVarint();
            before = bounds[index];
        }
        return EntryRanges.ofBounds(bounds);
    }

    private static BranchId readBranch(ByteReader in) {
        return new BranchId(in.readInt(), in.readSized(), in.readSized());
    }

    private static List<ClientFrame.Handed> readHanded(ByteReader in) {
        List<ClientFrame.Handed> list = new ArrayList<>();
        for (long count = in.readVarint(); count > 0; count--) {
            list.add(new ClientFrame.Handed(in.readVarint(), readRanges(in)));
        }
        return list;
    }

    private static List<BranchId> readBranches(ByteReader in) {
        List<BranchId> list = new ArrayList<>();
        for (long count = in.readVarint(); count > 0; count--) {
            list.add(readBranch(in));
        }
        return list;
    }
}
