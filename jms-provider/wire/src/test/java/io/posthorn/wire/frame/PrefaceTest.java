package io.posthorn.wire.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrefaceTest {

    @Test
    void shouldBeginWithEightKnownBytes() {
        ByteBuf out = Unpooled.buffer();
        Preface.write(out);
        assertThat(ByteBufUtil.hexDump(out)).isEqualTo("5048524e01000000");
    }

    @Test
    void shouldReadItsOwnAndNothingOfWhatFollows() {
        ByteBuf bytes = Unpooled.buffer();
        Preface.write(bytes);
        bytes.writeByte(99);
        assertThat(Preface.read(bytes)).isEqualTo(new Preface.Reading(Preface.Outcome.SPOKEN, 1, ""));
        assertThat(bytes.readableBytes()).isEqualTo(1);
    }

    @Test
    void shouldWaitForTheWholePreface() {
        ByteBuf whole = Unpooled.buffer();
        Preface.write(whole);
        for (int length = 0; length < Preface.LENGTH; length++) {
            ByteBuf part = whole.slice(0, length);
            assertThat(Preface.read(part).outcome()).isEqualTo(Preface.Outcome.INCOMPLETE);
            assertThat(part.readerIndex()).isZero();
        }
    }

    @Test
    void shouldNameBothVersionsWhenThePeerIsNewer() {
        Preface.Reading reading = read("5048524e02010203");
        assertThat(reading.outcome()).isEqualTo(Preface.Outcome.OTHER_VERSION);
        assertThat(reading.version()).isEqualTo(2);
        assertThat(reading.problem())
                .contains("the peer speaks version 2")
                .contains("this side version 1")
                .contains("upgrade this side");
    }

    @Test
    void shouldNameBothVersionsWhenThePeerIsOlder() {
        Preface.Reading reading = read("5048524e00000000");
        assertThat(reading.outcome()).isEqualTo(Preface.Outcome.OTHER_VERSION);
        assertThat(reading.problem())
                .contains("version 0")
                .contains("version 1")
                .contains("upgrade the peer");
    }

    @Test
    void shouldRefuseAPrefaceWithBytesThatShouldBeZero() {
        Preface.Reading reading = read("5048524e01000001");
        assertThat(reading.outcome()).isEqualTo(Preface.Outcome.FOREIGN);
        assertThat(reading.problem()).contains("5048524e01000001");
    }

    @ParameterizedTest
    @CsvSource({
        "474554202f204854, HTTP",
        "504f5354202f2048, HTTP",
        "485454502f312e31, HTTP",
        "434f4e4e45435420, HTTP",
        "160301020001000a, TLS",
        "15030300020246, TLS",
        "414d515003010000, AMQP",
        "414d515000010000, AMQP",
        "53544f4d500a6163, STOMP",
        "434f4e4e4543540a, STOMP",
        "102600044d515454, MQTT",
        "102800064d514973, MQTT",
        "415254454d4953, Artemis",
        "415254454d495300, Artemis",
        "0000016801416374, OpenWire",
        "5353482d322e302d, SSH",
    })
    void shouldSayWhatAnotherProtocolLooksLike(String hex, String name) {
        ByteBuf bytes = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex));
        Preface.Reading reading = Preface.read(bytes);
        assertThat(reading.outcome()).isEqualTo(Preface.Outcome.FOREIGN);
        assertThat(reading.problem()).contains("look like").contains(name).contains(hex);
        assertThat(bytes.readerIndex()).isZero();
    }

    @Test
    void shouldNotGuessAtUnknownBytes() {
        String text = "\n\r\u001B[31mX!";
        ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1);
        Preface.Reading reading = Preface.read(bytes);
        assertThat(reading.outcome()).isEqualTo(Preface.Outcome.FOREIGN);
        assertThat(reading.problem())
                .doesNotContain("look like")
                .doesNotContain("\n")
                .doesNotContain("\u001B");
    }

    private static Preface.Reading read(String hex) {
        return Preface.read(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex)));
    }
}
