package io.posthorn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ConnectionOptionsTest {

    @Test
    void shouldKeepItsDefaults() {
        assertThat(ConnectionOptions.defaults())
                .isEqualTo(new ConnectionOptions(
                        1000,
                        10_000,
                        30_000,
                        5_000,
                        300_000,
                        -1,
                        50,
                        5_000,
                        false,
                        10_000,
                        16 * 1024 * 1024,
                        1,
                        300_000,
                        1));
    }

    @Test
    void shouldTakeTheLeastValues() {
        new ConnectionOptions(0, 1, 1, 0, 0, -1, 1, 1, true, 0, 1, 1, 300_000, 0);
    }

    @Test
    void shouldNameAValueThatIsOutOfBounds() {
        assertRefused("prefetch", () -> new ConnectionOptions(-1, 1, 1, 0, 0, -1, 1, 1, true, 0, 1, 1, 300_000, 0));
        assertRefused(
                "connectTimeoutMs", () -> new ConnectionOptions(0, 0, 1, 0, 0, -1, 1, 1, true, 0, 1, 1, 300_000, 0));
        assertRefused(
                "requestTimeoutMs", () -> new ConnectionOptions(0, 1, 0, 0, 0, -1, 1, 1, true, 0, 1, 1, 300_000, 0));
        assertRefused(
                "closeTimeoutMs", () -> new ConnectionOptions(0, 1, 1, -1, 0, -1, 1, 1, true, 0, 1, 1, 300_000, 0));
        assertRefused(
                "reconnectTimeoutMs", () -> new ConnectionOptions(0, 1, 1, 0, -1, -1, 1, 1, true, 0, 1, 1, 300_000, 0));
        assertRefused(
                "maxReconnectAttempts",
                () -> new ConnectionOptions(0, 1, 1, 0, 0, -2, 1, 1, true, 0, 1, 1, 300_000, 0));
        assertRefused(
                "initialReconnectDelayMs",
                () -> new ConnectionOptions(0, 1, 1, 0, 0, -1, 0, 1, true, 0, 1, 1, 300_000, 0));
        assertRefused(
                "maxReconnectDelayMs", () -> new ConnectionOptions(0, 1, 1, 0, 0, -1, 9, 8, true, 0, 1, 1, 300_000, 0));
        assertRefused("heartbeatMs", () -> new ConnectionOptions(0, 1, 1, 0, 0, -1, 1, 1, true, -1, 1, 1, 300_000, 0));
        assertRefused(
                "initialConnectAttempts",
                () -> new ConnectionOptions(0, 1, 1, 0, 0, -1, 1, 1, true, 0, 1, 0, 300_000, 0));
        assertRefused(
                "initialConnectTimeoutMs", () -> new ConnectionOptions(0, 1, 1, 0, 0, -1, 1, 1, true, 0, 1, 1, -1, 0));
        assertRefused(
                "acknowledgementLagMs", () -> new ConnectionOptions(0, 1, 1, 0, 0, -1, 1, 1, true, 0, 1, 1, 1, -1));
        assertRefused("windowBytes", () -> new ConnectionOptions(0, 1, 1, 0, 0, -1, 1, 1, true, 0, 0, 1, 300_000, 0));
    }

    private static void assertRefused(String name, org.assertj.core.api.ThrowableAssert.ThrowingCallable making) {
        assertThatThrownBy(making).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith(name + " is ");
    }
}
