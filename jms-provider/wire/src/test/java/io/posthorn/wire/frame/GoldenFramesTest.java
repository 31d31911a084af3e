package io.posthorn.wire.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The bytes of each frame as version 1 of the protocol has them, pinned in {@code golden-frames.txt}. When this test
 * fails, peers of other releases would fail as well: change the code, not the file. Only a new frame adds a line.
 */
class GoldenFramesTest {

    @Test
    void shouldWriteTheBytesThatWereAlwaysWritten() throws IOException {
        Map<String, String> written = new LinkedHashMap<>();
        SampleFrames.ordinary().forEach((type, frame) -> written.put(type.name(), SampleFrames.hex(frame)));
        assertThat(String.join("\n", lines(written))).isEqualTo(String.join("\n", lines(golden())));
    }

    @Test
    void shouldReadTheBytesThatWereAlwaysWritten() throws IOException {
        golden().forEach((name, hex) -> {
            FrameType type = FrameType.valueOf(name);
            Frame frame = new FrameDecoder(type.side(), Frame.LENGTH_MAX_DEFAULT)
                    .decode(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));
            FrameCodecTest.assertSame(frame, SampleFrames.ordinary().get(type));
        });
    }

    private static List<String> lines(Map<String, String> frames) {
        return frames.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .toList();
    }

    private static Map<String, String> golden() throws IOException {
        try (InputStream in = GoldenFramesTest.class.getResourceAsStream("golden-frames.txt")) {
            Map<String, String> golden = new LinkedHashMap<>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .forEach(line ->
                            golden.put(line.substring(0, line.indexOf(' ')), line.substring(line.indexOf(' ') + 1)));
            return golden;
        }
    }
}
