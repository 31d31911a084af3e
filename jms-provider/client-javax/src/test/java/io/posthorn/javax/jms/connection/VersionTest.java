package io.posthorn.javax.jms.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VersionTest {

    private final PosthornMetaData data = new PosthornMetaData();

    @Test
    void shouldNameTheSpecificationThatItImplements() {
        assertThat(data.getJMSVersion()).isEqualTo("2.0");
        assertThat(data.getJMSMajorVersion()).isEqualTo(2);
        assertThat(data.getJMSMinorVersion()).isEqualTo(0);
    }

    @Test
    void shouldNameItsOwnVersion() {
        assertThat(data.getProviderVersion()).matches("[0-9]+\\.[0-9]+.*");
        assertThat(data.getProviderVersion())
                .startsWith(data.getProviderMajorVersion() + "." + data.getProviderMinorVersion());
    }
}
