package io.posthorn.ra.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionPropertiesTest {

    @ParameterizedTest
    @CsvSource({
        "tcp:/a:7660, tcp://a:7660",
        "tcp://a:7660, tcp://a:7660",
        "'failover:(tcp:/a,ssl:/b)?trustStore=/etc/trust', 'failover:(tcp://a,ssl://b)?trustStore=/etc/trust'"
    })
    void shouldGiveAUrlItsSlashBackThatOpenLibertyTookInADefinition(String given, String understood) {
        ConnectionProperties properties = new ConnectionProperties() {
            private static final long serialVersionUID = 1L;
        };
        properties.setUrl(given);
        assertThat(properties.getUrl()).isEqualTo(understood);
    }
}
