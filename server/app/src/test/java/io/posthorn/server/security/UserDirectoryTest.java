package io.posthorn.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.posthorn.broker.Login;
import io.posthorn.broker.Login.Verb;
import io.posthorn.gateway.login.AuthenticationException;
import io.posthorn.server.config.ConfigException;
import io.posthorn.server.config.NamePattern;
import io.posthorn.server.config.PermissionRule;
import io.posthorn.server.config.ServerSettings.Access;
import io.posthorn.server.config.UserEntry;
import io.posthorn.wire.frame.Address;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserDirectoryTest {

    @TempDir
    private Path folder;

    private UsersFile file;
    private long nowMs = 1_000_000;
    private final InstantSource clock = () -> Instant.ofEpochMilli(nowMs);

    @BeforeEach
    void name() {
        file = new UsersFile(folder.resolve("data"));
    }

    private UserDirectory open(Access access, boolean loopback) throws ConfigException {
        return UserDirectory.open(file, access, loopback, clock);
    }

    @Test
    void shouldLetEverybodyInOnLoopbackAsLongAsThereIsNoUser() throws Exception {
        UserDirectory users = open(Access.DEFAULTS, true);
        assertThat(users.isEmpty()).isTrue();
        assertThat(users.authenticate("anybody", "anything").user()).isEqualTo("anybody");
        assertThat(users.authenticate(null, null).user()).isEmpty();
        assertThat(users.authenticate("anybody", null).permissions().allows(Verb.CREATE, Address.queue("q")))
                .isTrue();
    }

    @Test
    void shouldLetNobodyInElsewhereWhenTheLastUserIsGone() throws Exception {
        file.put("alice", "secret");
        UserDirectory users = open(Access.DEFAULTS, false);
        assertThat(users.authenticate("alice", "secret").user()).isEqualTo("alice");
        Files.delete(file.path());
        assertRefused(users, "alice", "secret");
        assertRefused(users, null, null);
    }

    @Test
    void shouldRefuseWrongAndMissingCredentialsOnceUsersExist() throws Exception {
        file.put("alice", "secret");
        UserDirectory users = open(Access.DEFAULTS, true);
        assertThat(users.authenticate("alice", "secret").user()).isEqualTo("alice");
        assertRefused(users, "alice", "wrong");
        assertRefused(users, "alice", "");
        assertRefused(users, "alice", null);
        assertRefused(users, "alice", "x".repeat(100_000));
        assertRefused(users, "bob", "secret");
        assertRefused(users, "", "secret");
        assertRefused(users, null, null);
    }

    @Test
    void shouldNotSayWhetherAUserExists() throws Exception {
        file.put("alice", "secret");
        UserDirectory users = open(Access.DEFAULTS, true);
        assertThatThrownBy(() -> users.authenticate("alice", "wrong"))
                .satisfies(known -> assertThatThrownBy(() -> users.authenticate("nobody", "wrong"))
                        .hasMessage(known.getMessage()));
    }

    @Test
    void shouldLetAnonymousInOnlyWhenAllowedAndOnlyWithoutCredentials() throws Exception {
        Access access = new Access(true, List.of(new UserEntry("alice", "secret")), List.of());
        UserDirectory users = open(access, true);
        assertThat(users.authenticate(null, null).user()).isEmpty();
        assertThat(users.authenticate("", "").user()).isEmpty();
        assertRefused(users, "alice", "wrong");
        assertRefused(users, null, "secret");
    }

    @Test
    void shouldTakePlainAndHashedPasswordsOfTheConfiguration() throws Exception {
        file.put("template", "from the file");
        String hash = file.read().get(0).password();
        Access access =
                new Access(false, List.of(new UserEntry("plain", "secret"), new UserEntry("hashed", hash)), List.of());
        UserDirectory users = open(access, false);
        assertThat(users.authenticate("plain", "secret").user()).isEqualTo("plain");
        assertThat(users.authenticate("hashed", "from the file").user()).isEqualTo("hashed");
        assertRefused(users, "hashed", hash);
        assertRefused(users, "plain", "from the file");
    }

    @Test
    void shouldReadTheFileAgainWhenItChanges() throws Exception {
        UserDirectory users = open(Access.DEFAULTS, true);
        assertThat(users.authenticate("anybody", "x").user()).isEqualTo("anybody");
        file.put("alice", "first");
        assertRefused(users, "anybody", "x");
        assertThat(users.authenticate("alice", "first").user()).isEqualTo("alice");
        file.put("alice", "second");
        assertRefused(users, "alice", "first");
        assertThat(users.authenticate("alice", "second").user()).isEqualTo("alice");
        file.put("bob", "b");
        assertThat(file.remove("alice")).isTrue();
        assertRefused(users, "alice", "second");
    }

    @Test
    void shouldKeepTheUsersWhenTheFileBecomesUnreadable() throws Exception {
        file.put("alice", "secret");
        UserDirectory users = open(Access.DEFAULTS, true);
        Files.writeString(file.path(), "users: nonsense");
        assertThat(users.authenticate("alice", "secret").user()).isEqualTo("alice");
        assertRefused(users, "bob", "secret");
    }

    @Test
    void shouldRecallRightCredentialsForAWhileWithoutTheSlowCheck() throws Exception {
        file.put("alice", "secret");
        UserDirectory users = open(Access.DEFAULTS, true);
        assertThat(users.recall("alice", "secret")).isEmpty();
        Login login = users.authenticate("alice", "secret");
        assertThat(users.recall("alice", "secret")).map(Login::user).contains(login.user());
        assertThat(users.recall("alice", "wrong")).isEmpty();
        assertThat(users.recall("bob", "secret")).isEmpty();
        assertThat(users.recall(null, null)).isEmpty();
        nowMs += UserDirectory.RECHECK_MS + 1;
        assertThat(users.recall("alice", "secret")).isEmpty();
    }

    @Test
    void shouldForgetRecalledCredentialsWhenThePasswordChanges() throws Exception {
        file.put("alice", "first");
        UserDirectory users = open(Access.DEFAULTS, true);
        users.authenticate("alice", "first");
        file.put("alice", "second");
        users.authenticate("alice", "second");
        assertThat(users.recall("alice", "first")).isEmpty();
        assertThat(users.recall("alice", "second")).isPresent();
    }

    @Test
    void shouldAllowWhatARuleAllowsAndNothingElse() throws Exception {
        List<PermissionRule> rules = List.of(
                new PermissionRule(NamePattern.of("orders.*"), Set.of("alice"), Set.of(Verb.SEND, Verb.CREATE)),
                new PermissionRule(NamePattern.of("news"), Set.of("*"), Set.of(Verb.CONSUME)),
                new PermissionRule(NamePattern.of("open"), Set.of("anonymous"), Set.of(Verb.BROWSE)));
        Access access = new Access(true, List.of(new UserEntry("alice", "a"), new UserEntry("bob", "b")), rules);
        UserDirectory users = open(access, true);
        Login.Permissions alice = users.authenticate("alice", "a").permissions();
        Login.Permissions bob = users.authenticate("bob", "b").permissions();
        Login.Permissions nobody = users.authenticate(null, null).permissions();
        assertThat(alice.allows(Verb.SEND, Address.queue("orders.eu"))).isTrue();
        assertThat(alice.allows(Verb.CONSUME, Address.queue("orders.eu"))).isFalse();
        assertThat(alice.allows(Verb.CONSUME, Address.topic("news"))).isTrue();
        assertThat(bob.allows(Verb.SEND, Address.queue("orders.eu"))).isFalse();
        assertThat(bob.allows(Verb.CONSUME, Address.topic("news"))).isTrue();
        assertThat(nobody.allows(Verb.CONSUME, Address.topic("news"))).isFalse();
        assertThat(nobody.allows(Verb.BROWSE, Address.queue("open"))).isTrue();
        Address temporary = new Address(Address.Kind.TEMPORARY_QUEUE, "t");
        assertThat(bob.allows(Verb.CREATE, temporary)).isTrue();
    }

    @Test
    void shouldWriteHashesOnlyForTheOwnersEyes() throws Exception {
        assumeThat(Files.getFileStore(folder).supportsFileAttributeView("posix"))
                .isTrue();
        assertThat(file.put("al\"ice\\ ü", "secret")).isTrue();
        assertThat(file.put("al\"ice\\ ü", "other")).isFalse();
        assertThat(file.read()).extracting(UserEntry::name).containsExactly("al\"ice\\ ü");
        assertThat(Files.readString(file.path()))
                .doesNotContain("secret", "other")
                .contains("pbkdf2-sha256$210000$");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                .isEqualTo("rw-------");
        assertThat(file.remove("nobody")).isFalse();
    }

    @Test
    void shouldRefuseAFileThatItDidNotWrite() throws Exception {
        Files.createDirectories(file.path().getParent());
        for (String text : List.of(
                "users: [{name: a, password: plain}]",
                "- a",
                "usrs: []",
                "users: [{name: a, password: 'pbkdf2-sha256$0$AAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='}]")) {
            Files.writeString(file.path(), text);
            assertThatThrownBy(() -> open(Access.DEFAULTS, true))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(file.path().toString());
        }
    }

    private static void assertRefused(UserDirectory users, String user, String password) {
        assertThatThrownBy(() -> users.authenticate(user, password)).isInstanceOf(AuthenticationException.class);
    }
}
