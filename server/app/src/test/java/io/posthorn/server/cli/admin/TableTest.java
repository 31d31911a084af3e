package io.posthorn.server.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void shouldSetNumbersToTheRightAndTextToTheLeft() {
        List<String> lines = new ArrayList<>();
        new Table("QUEUE", ">DEPTH", "NOTE")
                .row("a", 12, null)
                .row("longer", 3, "x")
                .print(lines::add);
        assertThat(lines).containsExactly("QUEUE   DEPTH  NOTE", "a          12  -", "longer      3  x");
    }

    @Test
    void shouldLetAVeryLongNameMoveItsOwnRowOnly() {
        List<String> lines = new ArrayList<>();
        new Table("QUEUE", ">DEPTH").row("x".repeat(60), 1).row("a", 2).print(lines::add);
        assertThat(lines.get(0)).hasSize(44 + 2 + 5);
        assertThat(lines.get(1)).isEqualTo("x".repeat(60) + "      1");
    }

    @Test
    void shouldWriteSizesAndAgesAsPeopleDo() {
        assertThat(Units.bytes(0)).isEqualTo("0 B");
        assertThat(Units.bytes(1023)).isEqualTo("1023 B");
        assertThat(Units.bytes(1536)).isEqualTo("1.5 KiB");
        assertThat(Units.bytes(Long.MAX_VALUE)).isEqualTo("8388608.0 TiB");
        assertThat(Units.age(Duration.ofSeconds(-3))).isEqualTo("0 s");
        assertThat(Units.age(Duration.ofMinutes(59))).isEqualTo("59 min");
        assertThat(Units.age(Duration.ofMinutes(125))).isEqualTo("2 h 5 min");
        assertThat(Units.age(Duration.ofHours(50))).isEqualTo("2 d 2 h");
    }
}
