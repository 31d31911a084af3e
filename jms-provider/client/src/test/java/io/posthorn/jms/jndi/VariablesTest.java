package io.posthorn.jms.jndi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VariablesTest {

    private final Variables variables = new Variables(Map.of("host", "h1", "empty", "", "wild", "${host}")::get);

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {
                "tcp://${host}:1, tcp://h1:1",
                "${host}${host}, h1h1",
                "${none:-d}, d",
                "${host:-d}, h1",
                "a${none:-}b, ab",
                "a${empty:-d}b, ab",
                "${none:-${host}}, h1",
                "${none:-${none:-x}-y}, x-y",
                "${none:-a:-b}, a:-b",
                "${wild}, ${host}",
                "$host {host} $, $host {host} $",
            })
    void shouldExpand(String text, String expected) {
        assertThat(variables.expand(text)).isEqualTo(expected);
    }

    @Test
    void shouldRefuseWhatHasNoValue() {
        assertThatThrownBy(() -> variables.expand("x${none}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("${none}")
                .hasMessageContaining("${none:-value}");
        assertThatThrownBy(() -> variables.expand("x${host"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not close");
    }

    @Test
    void shouldPreferSystemPropertiesToTheEnvironment() {
        String set = System.getenv().keySet().stream().sorted().findFirst().orElseThrow();
        assertThat(Variables.ofProcess().expand("${" + set + "}")).isEqualTo(System.getenv(set));
        System.setProperty(set, "from property");
        try {
            assertThat(Variables.ofProcess().expand("${" + set + "}")).isEqualTo("from property");
        } finally {
            System.clearProperty(set);
        }
    }
}
