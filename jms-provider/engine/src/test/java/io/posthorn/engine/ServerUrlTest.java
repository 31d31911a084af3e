package io.posthorn.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.engine.url.ServerAddress;
import io.posthorn.engine.url.TlsOptions;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerUrlTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tcp://a | tcp://a:7660",
                "tcp://a/ | tcp://a:7660",
                " TCP://a:1 | tcp://a:1",
                "ssl://a:1 | ssl://a:1",
                "tls://a | ssl://a:7660",
                "tcp://127.0.0.1:65535?prefetch=1 | tcp://127.0.0.1:65535",
                "tcp://a:1,b:2 | tcp://a:1 tcp://b:2",
                "tcp://a:1, ssl://b, c | tcp://a:1 ssl://b:7660 ssl://c:7660",
                "tcp://a?sslEnabled=true | ssl://a:7660",
                "tcp://a,b?ssl=true | ssl://a:7660 ssl://b:7660",
                "tcp://a?sslEnabled=false | tcp://a:7660",
                "ssl://a?sslEnabled=true | ssl://a:7660",
                "tcp://[::1] | tcp://[::1]:7660",
                "tcp://[fe80::1%eth0]:5,[::]:6 | tcp://[fe80::1%eth0]:5 tcp://[::]:6",
                "failover:(a,b)?randomize=true | tcp://a:7660 tcp://b:7660",
                "failover:(tcp://a:1,tcp://b:2) | tcp://a:1 tcp://b:2",
                "failover://(tcp://a:1,ssl://b:2) | tcp://a:1 ssl://b:2",
                "failover:tcp://a:1,tcp://b:2?prefetch=3 | tcp://a:1 tcp://b:2",
                "(tcp://a:1,tcp://b:2)?prefetch=3 | tcp://a:1 tcp://b:2",
                "vm://name | vm://name",
                "vm://my-name.2_/?keep=true | vm://my-name.2_",
                "tcp://my_host-1.example.org | tcp://my_host-1.example.org:7660"
            })
    void shouldReadAddresses(String text, String expected) {
        String addresses = ServerUrl.parse(text).addresses().stream()
                .map(ServerAddress::toString)
                .collect(Collectors.joining(" "));

        assertThat(addresses).isEqualTo(expected);
    }

    @Test
    void shouldKeepAnIpv6HostWithoutBrackets() {
        assertThat(ServerUrl.parse("tcp://[::1]:9").addresses())
                .containsExactly(new ServerAddress(ServerAddress.Scheme.TCP, "::1", 9));
    }

    @Test
    void shouldHaveDefaultsWithoutOptions() {
        ServerUrl url = ServerUrl.parse("tcp://a");

        assertThat(url.options()).isEqualTo(ConnectionOptions.defaults());
        assertThat(url.user()).isNull();
        assertThat(url.password()).isNull();
        assertThat(url.clientId()).isNull();
        assertThat(url.deserializationAllowList()).isNull();
        assertThat(url.useCompression()).isFalse();
        assertThat(url.tls()).isEmpty();
        assertThat(url.isVm()).isFalse();
        assertThat(url.vmOptions()).isEmpty();
    }

    @Test
    void shouldReadEveryOption() {
        ServerUrl url =
                ServerUrl.parse("tcp://a?user=me&password=x&clientID=c&prefetch=7&connectTimeout=1s&requestTimeout=2m"
                        + "&closeTimeout=3&reconnectTimeout=1h&maxReconnectAttempts=4&initialReconnectDelay=5ms"
                        + "&maxReconnectDelay=60&randomize=true&heartbeat=0&windowBytes=2MiB"
                        + "&initialConnectAttempts=3&initialConnectTimeout=70s&acknowledgementLag=6"
                        + "&deserializationAllowList=a.b,c.*&useCompression=true");

        assertThat(url.options())
                .isEqualTo(new ConnectionOptions(
                        7, 1000, 120_000, 3, 3_600_000, 4, 5, 60, true, 0, 2 * 1024 * 1024, 3, 70_000, 6));
        assertThat(url.user()).isEqualTo("me");
        assertThat(url.password()).isEqualTo("x");
        assertThat(url.clientId()).isEqualTo("c");
        assertThat(url.deserializationAllowList()).isEqualTo("a.b,c.*");
        assertThat(url.useCompression()).isTrue();
    }

    @Test
    void shouldReadAliases() {
        ServerUrl url =
                ServerUrl.parse("tcp://a?clientId=c&sendTimeout=9&reconnectAttempts=0&trustedPackages=p&ssl=true");

        assertThat(url.clientId()).isEqualTo("c");
        assertThat(url.options().requestTimeoutMs()).isEqualTo(9);
        assertThat(url.options().maxReconnectAttempts()).isZero();
        assertThat(url.deserializationAllowList()).isEqualTo("p");
        assertThat(url.tls()).isPresent();
    }

    @Test
    void shouldReadTlsOptions() {
        ServerUrl url =
                ServerUrl.parse("ssl://a?trustStore=/t&trustStorePassword=tp&trustCertificates=/c.pem&keyStore=/k"
                        + "&keyStorePassword=kp&verifyHost=false");

        assertThat(url.tls()).contains(new TlsOptions("/t", "tp", "/c.pem", "/k", "kp", false));
        assertThat(url.tls().orElseThrow().toString()).doesNotContain("tp", "kp");
        assertThat(ServerUrl.parse("ssl://a").tls()).contains(new TlsOptions(null, null, null, null, null, true));
    }

    @Test
    void shouldHandOptionsOfTheEmbeddedServerOn() {
        ServerUrl url = ServerUrl.parse("vm://x?data=/d%20e&persistent=false&keep=true&config=c.yaml&prefetch=1");

        assertThat(url.isVm()).isTrue();
        assertThat(url.vmOptions())
                .isEqualTo(Map.of("data", "/d e", "persistent", "false", "keep", "true", "config", "c.yaml"));
    }

    @Test
    void shouldDecodePercentsAndLeavePlusAlone() {
        ServerUrl url = ServerUrl.parse("tcp://a?user=%C3%A4%26b&password=1+1%3D2&");

        assertThat(url.user()).isEqualTo("ä&b");
        assertThat(url.password()).isEqualTo("1+1=2");
    }

    @Test
    void shouldRaiseTheLongestDelayWithTheFirstWhenItIsNotGiven() {
        assertThat(ServerUrl.parse("tcp://a?initialReconnectDelay=9s").options().maxReconnectDelayMs())
                .isEqualTo(9000);
    }

    @Test
    void shouldMaskPasswordsButKeepThemInTheText() {
        String text = "ssl://a?user=u&password=s3cret&keyStorePassword=s3cret&trustStorePassword=s3cret&p%61ss=1";
        String accepted = text.substring(0, text.lastIndexOf('&'));

        assertThat(ServerUrl.parse(accepted.replace("&password", "&p%61ssword")))
                .hasToString("ssl://a?user=u&p%61ssword=***&keyStorePassword=***&trustStorePassword=***");
        assertThat(ServerUrl.parse(accepted).text()).isEqualTo(accepted);
        assertThatThrownBy(() -> ServerUrl.parse(text)).message().doesNotContain("s3cret");
        assertThatThrownBy(() -> ServerUrl.parse("tcp://u:s3cret@a")).message().doesNotContain("s3cret");
    }

    @Test
    void shouldBeEqualByText() {
        assertThat(ServerUrl.parse("tcp://a"))
                .isEqualTo(ServerUrl.parse(" tcp://a "))
                .hasSameHashCodeAs(ServerUrl.parse("tcp://a"));
        assertThat(ServerUrl.parse("tcp://a")).isNotEqualTo(ServerUrl.parse("tcp://a:7660"));
    }

    @Test
    void shouldNameTheNearestOptionAndListAll() {
        assertWrong(
                "tcp://a?prefech=1", "'prefech'", "did you mean 'prefetch'?", "Known are user, password, clientID,");
        assertWrong("tcp://a?clientid=1", "'clientid'", "did you mean 'clientI");
        assertWrong("tcp://a?zzzzzzzz=1", "'zzzzzzzz'; Known are user,");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prefetch=-1 | prefetch is '-1'; expected a number from 0 to 1000000",
                "prefetch=1s | prefetch is '1s'",
                "prefetch= | prefetch is ''",
                "connectTimeout=0 | connectTimeout is '0'; expected a time in ms from 1",
                "requestTimeout=1.5s | requestTimeout is '1.5s'",
                "closeTimeout=5 m | closeTimeout is '5 m'",
                "reconnectTimeout=99999999999 | reconnectTimeout is '99999999999'",
                "reconnectTimeout=999999999999999999d | reconnectTimeout is '999999999999999999d'",
                "maxReconnectAttempts=-2 | maxReconnectAttempts is '-2'",
                "initialReconnectDelay=0 | initialReconnectDelay is '0'",
                "initialReconnectDelay=50&maxReconnectDelay=49 | maxReconnectDelay is '49'; expected a time in ms from 50",
                "randomize=yes | randomize is 'yes'; expected true or false",
                "heartbeat=-1 | heartbeat is '-1'",
                "windowBytes=16MB | windowBytes is '16MB'; expected a size in bytes",
                "windowBytes=2GiB | windowBytes is '2GiB'",
                "useCompression=TRUE | useCompression is 'TRUE'",
                "sslEnabled=1 | sslEnabled is '1'",
                "sslEnabled=true&verifyHost=no | verifyHost is 'no'"
            })
    void shouldNameABadValueAndWhatIsExpected(String query, String expected) {
        assertWrong("tcp://a?" + query, "tcp://a?" + query, expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"prefetch=1&prefetch=1", "clientID=a&clientId=b", "requestTimeout=1&sendTimeout=1"})
    void shouldRefuseAnOptionThatIsThereTwice(String query) {
        assertWrong("tcp://a?" + query, "is there twice");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | has no scheme; write for instance tcp://127.0.0.1:7660",
                "localhost:7660 | has no scheme",
                "amqp://a | scheme 'amqp' is unknown; known are tcp, ssl, tls and vm",
                "tcp:// | without a host",
                "tcp://a,,b | without a host",
                "tcp://:7660 | without a host",
                "tcp://a:0 | ':0' is no port",
                "tcp://a:65536 | ':65536' is no port",
                "tcp://a: | ':' is no port",
                "tcp://a:x | ':x' is no port",
                "tcp://::1 | square brackets",
                "tcp://a:1:2 | square brackets",
                "tcp://[::1 | no host name",
                "tcp://[::1]x | 'x' is no port",
                "tcp://[zz] | 'zz' is no host name",
                "tcp://a b | 'a b' is no host name",
                "tcp://a/queue | 'a/queue' is no host name",
                "tcp://u:p@a | write ?user=",
                "tcp://a?prefetch | 'prefetch' has no value",
                "tcp://a?=1 | has no name",
                "tcp://a?user=%zz | option user has a '%'",
                "tcp://a?%z=1 | the name of an option has a '%'",
                "failover:(tcp://a | has no ')'",
                "failover:(tcp://a?prefetch=1,tcp://b) | behind the closing bracket",
                "failover:(tcp://a)prefetch=1 | expected behind the closing bracket",
                "vm:// | the name of a vm:// server",
                "vm://a/b | the name of a vm:// server",
                "vm://a,b | stands alone",
                "vm://a?ssl=true | no meaning with vm://",
                "vm://a?keep=maybe | keep is 'maybe'",
                "vm://a?trustStore=x | is for TLS",
                "tcp://a?trustStore=x | trustStore is for TLS; write ssl:// or add sslEnabled=true",
                "tcp://a?keep=true | keep is for vm:// only",
                "ssl://a?sslEnabled=false | contradicts ssl://"
            })
    void shouldSayWhatIsWrong(String text, String expected) {
        assertWrong(text, expected);
    }

    @Test
    void shouldAcceptUnusedTlsOptionsWhenTlsIsSwitchedOffOnPurpose() {
        assertThat(ServerUrl.parse("tcp://a?ssl=false&trustStore=x").tls()).isEmpty();
    }

    private static void assertWrong(String text, String... expected) {
        assertThatThrownBy(() -> ServerUrl.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .startsWith("the connection URL '")
                .contains(expected);
    }
}
