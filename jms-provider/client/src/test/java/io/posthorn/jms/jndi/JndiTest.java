package io.posthorn.jms.jndi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.jms.PosthornConnectionFactory;
import io.posthorn.jms.PosthornInitialContextFactory;
import io.posthorn.jms.PosthornQueue;
import io.posthorn.jms.PosthornTopic;
import io.posthorn.jms.PosthornXAConnectionFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.Properties;
import javax.naming.Binding;
import javax.naming.CompositeName;
import javax.naming.CompoundName;
import javax.naming.ConfigurationException;
import javax.naming.Context;
import javax.naming.InitialContext;
import javax.naming.NameClassPair;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.NotContextException;
import javax.naming.OperationNotSupportedException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JndiTest {

    private static Context context(String... entries) throws NamingException {
        Hashtable<String, Object> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, PosthornInitialContextFactory.class.getName());
        for (int index = 0; index < entries.length; index += 2) {
            environment.put(entries[index], entries[index + 1]);
        }
        return new InitialContext(environment);
    }

    private static PosthornConnectionFactory factory(Context context, String name) throws NamingException {
        return (PosthornConnectionFactory) context.lookup(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ConnectionFactory", "QueueConnectionFactory", "TopicConnectionFactory"})
    void shouldHaveTheUsualFactoriesWithoutAnyEntry(String name) throws NamingException {
        assertThat(factory(context(), name)).isExactlyInstanceOf(PosthornConnectionFactory.class);
        assertThat(factory(context(), "XA" + name)).isExactlyInstanceOf(PosthornXAConnectionFactory.class);
        assertThat(factory(context(Context.PROVIDER_URL, "tcp://h:1"), name).getUrl())
                .isEqualTo("tcp://h:1");
        assertThat(factory(context(Context.PROVIDER_URL, "tcp://h:1"), "XA" + name)
                        .getUrl())
                .isEqualTo("tcp://h:1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"connectionFactory.", "connectionfactory.", "ConnectionFactory."})
    void shouldTakeTheSpellingsOfFactories(String prefix) throws NamingException {
        Context context = context(prefix + "jms/my.factory", "tcp://h:2");

        assertThat(factory(context, "jms/my.factory").getUrl()).isEqualTo("tcp://h:2");
        assertThatThrownBy(() -> context.lookup("ConnectionFactory")).isInstanceOf(NameNotFoundException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xaConnectionFactory.", "xaconnectionfactory.", "XAConnectionFactory."})
    void shouldTakeXaFactories(String prefix) throws NamingException {
        assertThat(factory(context(prefix + "x", "tcp://h:2"), "x"))
                .isInstanceOf(PosthornXAConnectionFactory.class)
                .returns("tcp://h:2", PosthornConnectionFactory::getUrl);
    }

    @ParameterizedTest
    @CsvSource({
        "brokerURL, userName, password, clientID",
        "url, user, password, clientId",
        "brokerUrl, username, Password, clientid"
    })
    void shouldTakeNamedFactoriesWithSettings(String url, String user, String password, String clientId)
            throws NamingException {
        Context context = context(
                "connectionFactoryNames",
                "one, two.three",
                Context.PROVIDER_URL,
                "tcp://all:1",
                "connection.one." + url,
                "tcp://one:1",
                "connection.one." + user,
                "u",
                "connection.one." + password,
                "p",
                "connection.two.three." + clientId,
                "c",
                "connection.two.three.xa",
                "true",
                "connection.ConnectionFactory.deserializationAllowList",
                "com.acme.*");

        assertThat(factory(context, "one"))
                .returns("tcp://one:1", PosthornConnectionFactory::getUrl)
                .returns("u", PosthornConnectionFactory::getUser)
                .returns("p", PosthornConnectionFactory::getPassword);
        assertThat(factory(context, "two.three"))
                .isInstanceOf(PosthornXAConnectionFactory.class)
                .returns("tcp://all:1", PosthornConnectionFactory::getUrl)
                .returns("c", PosthornConnectionFactory::getClientID);
        assertThat(factory(context, "ConnectionFactory").getDeserializationAllowList())
                .isEqualTo("com.acme.*");
    }

    @Test
    void shouldUseThePrincipalAsUserUnlessAFactoryHasItsOwn() throws NamingException {
        Context context = context(
                Context.SECURITY_PRINCIPAL,
                "alice",
                Context.SECURITY_CREDENTIALS,
                "wonder",
                "connectionFactory.a",
                "tcp://a:1",
                "connectionFactory.b",
                "tcp://b:1",
                "connection.b.user",
                "bob");

        assertThat(factory(context, "a").getUser()).isEqualTo("alice");
        assertThat(factory(context, "a").getPassword()).isEqualTo("wonder");
        assertThat(factory(context, "b").getUser()).isEqualTo("bob");
    }

    @Test
    void shouldFindDestinations() throws NamingException {
        Context context = context(
                "queue.jms/queue/orders", "orders",
                "queue.dotted.name", "a.b/c",
                "topic.prices", "prices.all",
                "topic./leading", "x");

        assertThat(context.lookup("jms/queue/orders")).isEqualTo(new PosthornQueue("orders"));
        assertThat(context.lookup("dotted.name")).isEqualTo(new PosthornQueue("a.b/c"));
        assertThat(context.lookup("prices")).isEqualTo(new PosthornTopic("prices.all"));
        assertThat(context.lookup("leading")).isEqualTo(new PosthornTopic("x"));
        assertThat(context.lookup("/prices")).isEqualTo(new PosthornTopic("prices.all"));
        assertThat(context.lookupLink("prices")).isEqualTo(new PosthornTopic("prices.all"));
        assertThat(((Context) context.lookup("jms")).lookup("queue/orders")).isEqualTo(new PosthornQueue("orders"));
    }

    @Test
    void shouldTakeNamesOfOtherSyntaxes() throws NamingException {
        Context context = context("queue.jms/orders", "o");
        Properties slashes = new Properties();
        slashes.put("jndi.syntax.direction", "left_to_right");
        slashes.put("jndi.syntax.separator", "/");

        assertThat(context.lookup(new CompositeName("jms/orders"))).isEqualTo(new PosthornQueue("o"));
        assertThat(context.lookup(new CompoundName("jms/orders", slashes))).isEqualTo(new PosthornQueue("o"));
        assertThat(context.lookup(context.getNameParser("").parse("jms/orders")))
                .isEqualTo(new PosthornQueue("o"));
        Context own = PosthornContext.of(new Hashtable<>());
        assertThat(own.composeName("orders", "jms")).isEqualTo("jms/orders");
        assertThat(own.composeName(new CompositeName("orders"), new CompositeName("jms")))
                .isEqualTo(new CompositeName("jms/orders"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"X", "a/b/c", "a.b-c d", "jms.orders::x"})
    void shouldMakeDynamicDestinationsOfAnyName(String name) throws NamingException {
        Context context = context();

        assertThat(context.lookup("dynamicQueues/" + name)).isEqualTo(new PosthornQueue(name));
        assertThat(context.lookup("dynamicTopics/" + name)).isEqualTo(new PosthornTopic(name));
        Context queues = (Context) context.lookup("dynamicQueues");
        assertThat(queues.lookup(name)).isEqualTo(new PosthornQueue(name));
        assertThat(queues.getNameInNamespace()).isEqualTo("dynamicQueues");
        assertThat(Collections.list(queues.list(""))).isEmpty();
    }

    @Test
    void shouldExpandVariablesInItsOwnEntries() throws NamingException {
        Context context = context(
                "queue.a",
                "${posthorn.test.none:-orders}",
                "connectionFactory.f",
                "tcp://${posthorn.test.none:-h}:9",
                "some.other.library",
                "${not.ours}");

        assertThat(context.lookup("a")).isEqualTo(new PosthornQueue("orders"));
        assertThat(factory(context, "f").getUrl()).isEqualTo("tcp://h:9");
    }

    @Test
    void shouldNameTheKeyOfAWrongEntry() {
        verifyWrong("queue.a", "queue.a", "${posthorn.test.none}");
        verifyWrong("queue.a", "queue.a", "  ");
        verifyWrong("queue.", "queue.", "x");
        verifyWrong("connectionFactory.f", "connectionFactory.f", " ");
        verifyWrong("java.naming.provider.url", Context.PROVIDER_URL, " ");
        verifyWrong("connectionFactoryNames", "connectionFactoryNames", "a,,b");
        verifyWrong("connection.f.user", "connection.f.user", "u");
        verifyWrong("'clientID'", "connection.ConnectionFactory.clintID", "c");
        verifyWrong("connection.ConnectionFactory.clientID", "connection.ConnectionFactory.clientID", "");
        verifyWrong("connection.a.xa", "connectionFactoryNames", "a", "connection.a.xa", "yes");
        verifyWrong("xaConnectionFactory.a", "connectionFactory.a", "tcp://h:1", "connection.a.xa", "true");
        verifyWrong("queue.a/b", "queue.a", "x", "queue.a/b", "y");
        verifyWrong("topic.a", "queue.a", "x", "topic.a", "y");
        verifyWrong("queue.a", "queue.a", "x", "connectionFactory.a", "tcp://h:1");
    }

    private static void verifyWrong(String named, String... entries) {
        assertThatThrownBy(() -> context(entries))
                .as("%s", List.of(entries))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(named);
    }

    @Test
    void shouldKeepTheCauseOfAWrongValue() {
        assertThatThrownBy(() -> context("connectionFactory.f", ""))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("connectionFactory.f: ")
                .hasRootCauseInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldNameWhatIsNearToANameThatIsNotBound() throws NamingException {
        Context context = context("queue.jms/orders", "o", "queue.jms/invoices", "i");

        assertThatThrownBy(() -> context.lookup("jms/ordrs"))
                .isInstanceOf(NameNotFoundException.class)
                .hasMessageContaining("'jms/ordrs'")
                .hasMessageContaining("jms/orders")
                .hasMessageContaining("dynamicQueues/");
        assertThatThrownBy(() -> context.lookup("orders")).hasMessageContaining("jms/orders");
        assertThatThrownBy(() -> context.lookup("entirely-different-name-here"))
                .isInstanceOf(NameNotFoundException.class)
                .hasMessageContaining("jms/invoices");
        assertThatThrownBy(() -> context.lookup("jms/orders/deeper")).isInstanceOf(NotContextException.class);
        assertThatThrownBy(() -> context.list("jms/orders")).isInstanceOf(NotContextException.class);
    }

    @Test
    void shouldListNamesAndBindings() throws NamingException {
        Context context = context("queue.jms/orders", "o", "connectionFactory.f", "tcp://h:1");
        List<String> pairs = new ArrayList<>();
        for (NameClassPair pair : Collections.list(context.list(""))) {
            pairs.add(pair.getName() + "=" + pair.getClassName());
        }
        List<Binding> bindings = Collections.list(context.listBindings("jms"));

        assertThat(pairs)
                .containsExactly(
                        "f=" + PosthornConnectionFactory.class.getName(), "jms=" + PosthornContext.class.getName());
        assertThat(bindings).hasSize(1);
        assertThat(bindings.get(0).getName()).isEqualTo("orders");
        assertThat(bindings.get(0).getObject()).isEqualTo(new PosthornQueue("o"));
        assertThat(((Context) context.lookup("jms")).getNameInNamespace()).isEqualTo("jms");
        assertThat(context.getNameInNamespace()).isEmpty();
    }

    @Test
    void shouldGiveACopyForTheEmptyName() throws NamingException {
        Context context = PosthornContext.of(new Hashtable<>(Collections.singletonMap("queue.a", "x")));
        Context copy = (Context) context.lookup("");

        copy.addToEnvironment("k", "v");

        assertThat(copy).isNotSameAs(context);
        assertThat(copy.lookup("a")).isEqualTo(new PosthornQueue("x"));
        assertThat(copy.getEnvironment().get("k")).isEqualTo("v");
        assertThat(context.getEnvironment().get("k")).isNull();
        assertThat(copy.removeFromEnvironment("k")).isEqualTo("v");
        copy.close();
        assertThat(context.lookup("a")).isEqualTo(new PosthornQueue("x"));
    }

    @Test
    void shouldRefuseChanges() throws NamingException {
        Context context = context();
        CompositeName name = new CompositeName("n");

        verifyReadOnly(() -> context.bind("n", "o"));
        verifyReadOnly(() -> context.bind(name, "o"));
        verifyReadOnly(() -> context.rebind("n", "o"));
        verifyReadOnly(() -> context.rebind(name, "o"));
        verifyReadOnly(() -> context.unbind("n"));
        verifyReadOnly(() -> context.unbind(name));
        verifyReadOnly(() -> context.rename("n", "m"));
        verifyReadOnly(() -> context.rename(name, name));
        verifyReadOnly(() -> context.createSubcontext("n"));
        verifyReadOnly(() -> context.createSubcontext(name));
        verifyReadOnly(() -> context.destroySubcontext("n"));
        verifyReadOnly(() -> context.destroySubcontext(name));
    }

    private static void verifyReadOnly(ThrowingCallable change) {
        assertThatThrownBy(change)
                .isInstanceOf(OperationNotSupportedException.class)
                .hasMessageContaining("queue.NAME=");
    }
}
