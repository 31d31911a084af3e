package io.posthorn.jms.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Not carried over to the client for javax.jms, which has a test of its own. */
class VersionTest {

    private final PosthornMetaData data = new PosthornMetaData();

    @Test
    void shouldNameTheSpecificationThatItImplements() {
        assertThat(data.getJMSVersion()).isEqualTo("3.1");
        assertThat(data.getJMSMajorVersion()).isEqualTo(3);
        assertThat(data.getJMSMinorVersion()).isEqualTo(1);
    }

    @Test
    void shouldNameItsOwnVersion() {
        assertThat(data.getProviderVersion()).matches("[0-9]+\\.[0-9]+.*");
        assertThat(data.getProviderVersion())
                .startsWith(data.getProviderMajorVersion() + "." + data.getProviderMinorVersion());
    }
}
