package io.posthorn.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.broker.BrokerSettings.DestinationSettings;
import io.posthorn.broker.Login.Verb;
import io.posthorn.broker.limit.LimitPolicy;
import io.posthorn.broker.limit.QueueLimit;
import io.posthorn.broker.limit.RetryRule;
import io.posthorn.gateway.tls.TlsSettings.ClientAuth;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SettingsTest {

    @TempDir
    private Path folder;

    @Test
    void shouldPinEveryKeyWithItsDefault() {
        assertThat(Arrays.stream(Key.values()).map(key -> key.id() + "=" + key.defaultText()))
                .containsExactly(
                        "data=./posthorn-data",
                        "listen.host=127.0.0.1",
                        "listen.port=7660",
                        "admin.host=127.0.0.1",
                        "admin.port=auto",
                        "tls.certificate=",
                        "tls.key=",
                        "tls.keystore=",
                        "tls.keystore-password=",
                        "tls.trusted=",
                        "tls.client-auth=none",
                        "anonymous=false",
                        "user=",
                        "password=",
                        "password-file=",
                        "users=[]",
                        "permissions=[]",
                        "destinations=[]",
                        "message-length-max=4GiB",
                        "resume-window=30s",
                        "xa-timeout=5m",
                        "heartbeat=15s",
                        "memory.contents=25%",
                        "memory.index=64MiB",
                        "memory.transactions=128MiB",
                        "checkpoint-bytes=16MiB",
                        "journal.segment-bytes=32MiB",
                        "disk-free-min=256MiB",
                        "gateway.threads=1");
        assertThat(Key.JOURNAL_SEGMENT_BYTES.environmentName()).isEqualTo("POSTHORN_JOURNAL_SEGMENT_BYTES");
        assertThat(Key.JOURNAL_SEGMENT_BYTES.propertyName()).isEqualTo("posthorn.journal.segment-bytes");
    }

    @Test
    void shouldPinWhatTheDefaultsMean() {
        ServerSettings defaults = ServerSettings.defaults();
        assertThat(defaults.data()).isEqualTo(Path.of("./posthorn-data"));
        assertThat(defaults.listen()).isEqualTo(new ServerSettings.Listen("127.0.0.1", 7660));
        assertThat(defaults.tls()).isEmpty();
        assertThat(defaults.access()).isEqualTo(ServerSettings.Access.DEFAULTS);
        assertThat(defaults.destinations()).isEmpty();
        assertThat(defaults.limits())
                .isEqualTo(new ServerSettings.Limits(
                        4L << 30,
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(5),
                        Duration.ofSeconds(15),
                        Runtime.getRuntime().maxMemory() / 100 * 25,
                        64 << 20,
                        128 << 20,
                        16 << 20,
                        32 << 20,
                        256 << 20,
                        1));
    }

    @Test
    void shouldListEveryKeyInTheDocumentation() throws Exception {
        String text = Files.readString(Path.of("../../docs/configuration.md"));
        for (Key key : Key.values()) {
            String shown = key.defaultText().isEmpty() ? "" : "`" + key.defaultText() + "`";
            assertThat(text)
                    .contains("| `" + key.id() + "` | `" + key.environmentName() + "` | " + shown
                            + (shown.isEmpty() ? "" : " ") + "| " + key.purpose() + " |");
        }
    }

    @Test
    void shouldReadEveryKeyFromAFile() throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), "hunter2\nignored\n");
        ServerSettings settings = fromFile("""
                data: /var/lib/posthorn
                listen:
                  host: 0.0.0.0
                  port: 7000
                tls:
                  certificate: c.pem
                  key: k.pem
                  trusted: ca.pem
                  client-auth: want
                anonymous: true
                user: admin
                password-file: '%s'
                users:
                  - name: alice
                    password: wonderland
                permissions:
                  - match: "orders.*"
                    users: [alice, anonymous]
                    verbs: [send, browse]
                  - {match: "*", user: admin, verbs: [send, consume, browse, create]}
                destinations:
                  - match: "orders.*"
                    flush: async
                    redelivery-max: 3
                    dead-letter-queue: orders.dead
                message-length-max: 1MiB
                resume-window: 1m
                xa-timeout: 10s
                heartbeat: 500ms
                memory.contents: 128 MiB
                checkpoint-bytes: 16MiB
                journal.segment-bytes: 8MiB
                gateway.threads: 4
                """.formatted(secret));
        assertThat(settings.data()).isEqualTo(Path.of("/var/lib/posthorn"));
        assertThat(settings.listen()).isEqualTo(new ServerSettings.Listen("0.0.0.0", 7000));
        assertThat(settings.tls().orElseThrow().clientAuth()).isEqualTo(ClientAuth.WANT);
        assertThat(settings.access().anonymous()).isTrue();
        assertThat(settings.access().users())
                .containsExactly(new UserEntry("alice", "wonderland"), new UserEntry("admin", "hunter2"));
        assertThat(settings.access().permissions()).hasSize(2);
        assertThat(settings.access().permissions().get(0).verbs()).containsExactlyInAnyOrder(Verb.SEND, Verb.BROWSE);
        assertThat(settings.destinations())
                .containsExactly(new DestinationRule(NamePattern.of("orders.*"), false, 3, "orders.dead"));
        assertThat(settings.limits())
                .isEqualTo(new ServerSettings.Limits(
                        1 << 20,
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(10),
                        Duration.ofMillis(500),
                        128 << 20,
                        64 << 20,
                        128 << 20,
                        16 << 20,
                        8 << 20,
                        256 << 20,
                        4));
    }

    @Test
    void shouldLetTheCommandLineWinOverPropertiesOverEnvironmentOverFile() throws Exception {
        Path file = write("listen.port: 1\nheartbeat: 1s\nresume-window: 1s\nxa-timeout: 1s\n");
        ServerSettings settings = new SettingsLoader()
                .file(file)
                .environment(
                        Map.of("POSTHORN_LISTEN_PORT", "2", "POSTHORN_HEARTBEAT", "2s", "POSTHORN_RESUME_WINDOW", "2s"))
                .properties(Map.of("posthorn.listen.port", "3", "posthorn.heartbeat", "3s"))
                .set("listen.port", "4", "--port")
                .load();
        assertThat(settings.listen().port()).isEqualTo(4);
        assertThat(settings.limits().heartbeat()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.limits().resumeWindow()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.limits().xaTimeout()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void shouldReadListsFromTheEnvironment() throws Exception {
        ServerSettings settings = new SettingsLoader()
                .environment(Map.of(
                        "POSTHORN_DESTINATIONS", "[{match: 'a.*', flush: async}]",
                        "POSTHORN_USERS", "[{name: alice, password: a}, {name: bob, password: b}]",
                        "POSTHORN_USER", "carol",
                        "POSTHORN_PASSWORD", "c"))
                .load();
        assertThat(settings.destinations()).containsExactly(DestinationRule.asyncFlush("a.*"));
        assertThat(settings.access().users()).extracting(UserEntry::name).containsExactly("alice", "bob", "carol");
    }

    @Test
    void shouldWarnOfUnknownVariablesButNotOfThoseThatKubernetesSets() throws Exception {
        Map<String, String> variables = new HashMap<>(Map.of("POSTHORN_LISTEN_PROT", "1", "PATH", "/bin"));
        variables.put("POSTHORN_PORT", "tcp://10.0.0.1:7660");
        variables.put("POSTHORN_SERVICE_HOST", "10.0.0.1");
        variables.put("POSTHORN_PORT_7660_TCP_ADDR", "10.0.0.1");
        SettingsLoader loader = new SettingsLoader().environment(variables);
        assertThat(loader.load()).isEqualTo(ServerSettings.defaults());
        assertThat(loader.warnings())
                .singleElement()
                .asString()
                .contains("POSTHORN_LISTEN_PROT", "did you mean 'POSTHORN_LISTEN_PORT'?");
    }

    @Test
    void shouldTakeAnEmptyFile() throws Exception {
        assertThat(fromFile("# nothing yet\n")).isEqualTo(ServerSettings.defaults());
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of("listen:\n  prot: 1", ":2: unknown key 'listen.prot'; did you mean 'listen.port'?"),
                Arguments.of("dta: x", ":1: unknown key 'dta'; did you mean 'data'?"),
                Arguments.of("a: 1\n", ":1: unknown key 'a'"),
                Arguments.of("\nlisten.port: 70000", ":2: 'listen.port': '70000' is not a number from 0 to 65535"),
                Arguments.of("listen.port: -1", "is not a number from 0 to 65535"),
                Arguments.of("listen.port:\n", ":1: 'listen.port' has no value"),
                Arguments.of("listen.port: [1]", ":1: 'listen.port' takes one plain value"),
                Arguments.of("listen: 7660", "below 'listen'"),
                Arguments.of("data: a\ndata: b", ":2: 'data' stands there twice, first in line 1"),
                Arguments.of("listen: {port: 1}\nlisten.port: 2", ":2: 'listen.port' stands there twice"),
                Arguments.of("heartbeat: 30", "'30' is not a time such as 500ms, 30s"),
                Arguments.of("heartbeat: soon", "'soon' is not a time"),
                Arguments.of("memory.contents: 0%", "'0%' is out of bounds: 1% to 75%"),
                Arguments.of("memory.contents: 90%", "'90%' is out of bounds: 1% to 75%"),
                Arguments.of("memory.contents: x%", "'x%' is not a share such as 25%"),
                Arguments.of("memory.index: 5%", "'5%' is not a size such as 64MiB"),
                Arguments.of("message-length-max: 1XB", "'1XB' is not a size such as 64MiB"),
                Arguments.of("message-length-max: 1", "'1' is out of bounds"),
                Arguments.of("message-length-max: 999999999999GiB", "is too much"),
                Arguments.of("gateway.threads: 0", "'0' is not a number from 1 to 128"),
                Arguments.of("anonymous: yes", "'yes' is neither true nor false"),
                Arguments.of("tls.certificate: a.pem", "tls.certificate and tls.key"),
                Arguments.of("tls.client-auth: maybe", "'maybe' is not one of none, want, need"),
                Arguments.of("tls: {keystore: a, client-auth: need}", "tls.trusted"),
                Arguments.of("user: alice", "user and password go together"),
                Arguments.of("password-file: /does/not/exist", "/does/not/exist cannot be read"),
                Arguments.of("users: alice", ":1: users is a list"),
                Arguments.of(
                        "users:\n  - name: alice\n    pasword: x", ":3: unknown field 'pasword' in users; did you"),
                Arguments.of("users: [{name: alice}]", "the password of 'alice' must have 1 to 256 characters"),
                Arguments.of("users: [{password: x}]", ":1: an entry without 'name'"),
                Arguments.of("users: [{name: '*', password: x}]", "cannot be the name of a user"),
                Arguments.of(
                        "users:\n- {name: a, password: x}\n- {name: a, password: y}",
                        ":3: user 'a' stands there twice"),
                Arguments.of("destinations: [{match: a, flush: later}]", "flush is sync or async, not 'later'"),
                Arguments.of("destinations: [{match: a, redelivery-max: -1}]", "redelivery-max is a number"),
                Arguments.of("destinations: [{flush: sync}]", "an entry without 'match'"),
                Arguments.of("destinations: [a]", "an entry of destinations has the fields match, flush"),
                Arguments.of("permissions: [{match: a, verbs: [send]}]", "a permission needs 'user' or 'users'"),
                Arguments.of(
                        "permissions: [{match: a, user: b, verbs: [snd]}]", "'snd' is no verb; did you mean 'send'?"),
                Arguments.of("permissions: [{match: a, user: b}]", "an entry without 'verbs'"),
                Arguments.of("- a\n- b", "expected lines of the form 'key: value'"),
                Arguments.of("a: b: c", ":1: not valid YAML"),
                Arguments.of("data: &x y\nlisten.host: *nobody", ":2: not valid YAML"),
                Arguments.of("data: \"unfinished", "not valid YAML"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void shouldNameFileLineCauseAndWayOut(String yaml, String expected) throws Exception {
        Path file = write(yaml);
        assertThatThrownBy(() -> new SettingsLoader().file(file).load())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(expected)
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain("\n"));
    }

    @Test
    void shouldNameTheFileThatIsMissing() {
        Path missing = folder.resolve("missing.yaml");
        assertThatThrownBy(() -> new SettingsLoader().file(missing))
                .isInstanceOf(ConfigException.class)
                .hasMessage(missing + ": no such file");
    }

    @Test
    void shouldNameTheOriginOfAValueThatIsNoFile() {
        assertThatThrownBy(() -> new SettingsLoader()
                        .environment(Map.of("POSTHORN_LISTEN_PORT", "x"))
                        .load())
                .hasMessageContaining("environment variable POSTHORN_LISTEN_PORT");
        assertThatThrownBy(() -> new SettingsLoader()
                        .properties(Map.of("posthorn.listen.port", "x"))
                        .load())
                .hasMessageContaining("system property posthorn.listen.port");
        assertThatThrownBy(() -> new SettingsLoader().set("listen.prt", "1", "--set listen.prt"))
                .hasMessageContaining("--set listen.prt: unknown setting")
                .hasMessageContaining("listen.port");
    }

    @Test
    void shouldLetTheFirstRuleThatNamesASettingDecide() {
        var destinations = DestinationRule.toDestinations(List.of(
                new DestinationRule(NamePattern.of("orders.eu"), null, 5, null),
                new DestinationRule(NamePattern.of("orders.*"), false, 7, "orders.dead"),
                new DestinationRule(NamePattern.of("*"), true, null, "dead")));
        assertThat(destinations.of("orders.eu")).isEqualTo(settings(false, 5, "orders.dead"));
        assertThat(destinations.of("orders.us.north")).isEqualTo(settings(false, 7, "orders.dead"));
        assertThat(destinations.of("orders"))
                .isEqualTo(settings(true, DestinationSettings.DEFAULTS.retry().attemptsMax(), "dead"));
        assertThat(DestinationRule.toDestinations(List.of()).of("any")).isEqualTo(DestinationSettings.DEFAULTS);
    }

    /** The defaults of all else. */
    private static DestinationSettings settings(boolean syncFlush, int attemptsMax, String deadLetterQueue) {
        RetryRule retry = DestinationSettings.DEFAULTS.retry();
        return new DestinationSettings(
                syncFlush, retry.withAttemptsMax(attemptsMax), deadLetterQueue, false, QueueLimit.NONE);
    }

    @Test
    void shouldReadLimitsAndDelaysOfDestinations() throws Exception {
        String rules = "[{match: q, messages-max: 10, bytes-max: 2MiB, when-full: drop-oldest,"
                + " redelivery-at-once: 3, redelivery-delay: 3s, redelivery-delay-factor: 1.5, redelivery-delay-max: 1m, expired: dead-letter}]";
        YamlTree tree = YamlReader.parse(rules, Place.of("destinations")).orElseThrow();
        DestinationSettings read = DestinationRule.toDestinations(
                        new EntryReader(Place.of("destinations")).destinations(tree))
                .of("q");
        assertThat(read.limit()).isEqualTo(new QueueLimit(10, 2 << 20, LimitPolicy.DROP_OLDEST));
        assertThat(read.retry()).isEqualTo(new RetryRule(10, 3, 3000, 1.5, 60_000));
        assertThat(read.buriesExpired()).isTrue();
    }

    @Test
    void shouldSayWhatIsWrongWithALimit() {
        for (String wrong : List.of(
                "messages-max: 0",
                "messages-max: ten",
                "bytes-max: 0",
                "bytes-max: 2 stone",
                "when-full: drop",
                "redelivery-at-once: 0",
                "redelivery-delay: 3",
                "redelivery-delay-factor: 0.5",
                "expired: yes")) {
            assertThatThrownBy(() -> {
                        YamlTree tree = YamlReader.parse("[{match: q, " + wrong + "}]", Place.of("destinations"))
                                .orElseThrow();
                        new EntryReader(Place.of("destinations")).destinations(tree);
                    })
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(wrong.substring(0, wrong.indexOf(':')));
        }
    }

    @Test
    void shouldMatchNamesLiterallyButForStarsAndQuestionMarks() {
        assertThat(NamePattern.of("a.b").matches("axb")).isFalse();
        assertThat(NamePattern.of("a+b").matches("a+b")).isTrue();
        assertThat(NamePattern.of("a?c").matches("abc")).isTrue();
        assertThat(NamePattern.of("*").matches("any\nthing")).isTrue();
        assertThat(NamePattern.of("orders.*").matches("orders")).isFalse();
    }

    @Test
    void shouldReadUnits() {
        assertThat(Units.bytes("7")).isEqualTo(7);
        assertThat(Units.bytes("2 KiB")).isEqualTo(2048);
        assertThat(Units.bytes("1gib")).isEqualTo(1L << 30);
        assertThat(Units.bytes("3MB")).isEqualTo(3_000_000);
        assertThat(Units.duration("2h")).isEqualTo(Duration.ofHours(2));
        assertThat(Units.duration("1d")).isEqualTo(Duration.ofDays(1));
        assertThat(Units.duration("0s")).isZero();
    }

    private ServerSettings fromFile(String yaml) throws Exception {
        return new SettingsLoader().file(write(yaml)).load();
    }

    private Path write(String yaml) throws Exception {
        return Files.writeString(folder.resolve("posthorn.yaml"), yaml);
    }
}
