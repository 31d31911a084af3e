package io.posthorn.jms.jndi;

import io.posthorn.jms.PosthornQueue;
import io.posthorn.jms.PosthornTopic;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javax.naming.Binding;
import javax.naming.CompositeName;
import javax.naming.Context;
import javax.naming.Name;
import javax.naming.NameClassPair;
import javax.naming.NameParser;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.NotContextException;

/**
 * A read-only context over the entries of a JNDI environment:
 *
 * <pre>
 * java.naming.provider.url                  URL of the default factories
 * java.naming.security.principal            user of all factories, with java.naming.security.credentials
 * connectionFactory.NAME=URL                a connection factory; also connectionfactory.NAME
 * xaConnectionFactory.NAME=URL              an XA connection factory
 * connectionFactoryNames=A,B                connection factories with the URL of the provider, and ...
 * connection.A.SETTING=VALUE                ... what is set on them: url, user, password, clientID, xa=true and so on
 * queue.NAME=QUEUE    topic.NAME=TOPIC      a destination
 * </pre>
 *
 * Where no factory is configured, or a provider URL is, the names {@code ConnectionFactory}, {@code QueueConnectionFactory}, {@code
 * TopicConnectionFactory} and the same with {@code XA} before them exist too. {@code dynamicQueues/X} and {@code dynamicTopics/X}
 * are the queue and topic {@code X}, whatever it holds. A slash in a name makes a subcontext. Values may hold {@code ${name}} and
 * {@code ${name:-default}}, of system properties, then of the environment.
 *
 * <p>Safe from any thread, but for {@link #addToEnvironment} and {@link #removeFromEnvironment}, which change nothing but what {@link
 * #getEnvironment} gives. Closing does nothing.
 */
public final class PosthornContext implements Context {

    private static final Map<String, Function<String, Object>> DYNAMIC =
            Map.of("dynamicQueues", PosthornQueue::new, "dynamicTopics", PosthornTopic::new);

    private final Hashtable<Object, Object> environment;
    private final NameTree tree;

    /** From the initial context down to here, with slashes. */
    private final String path;

    /** Makes whatever is looked up here; null in an ordinary context. */
    private final Function<String, Object> dynamic;

    private PosthornContext(Hashtable<?, ?> environment, NameTree tree, String path, Function<String, Object> dynamic) {
        this.environment = new Hashtable<>(environment);
        this.tree = tree;
        this.path = path;
        this.dynamic = dynamic;
    }

    /** Reads an environment; a wrong entry is a {@link javax.naming.ConfigurationException} that names its key. */
    public static PosthornContext of(Hashtable<?, ?> environment) throws NamingException {
        NameTree tree = new EnvironmentReader(environment, Variables.ofProcess()).read();
        return new PosthornContext(environment, tree, "", null);
    }

    @Override
    public Object lookup(String name) throws NamingException {
        return lookup(new CompositeName(name));
    }

    @Override
    public Object lookup(Name name) throws NamingException {
        List<String> parts = partsOf(name);
        PosthornContext context = this;
        for (int index = 0; index < parts.size(); index++) {
            if (context.dynamic != null) {
                return context.dynamic.apply(String.join("/", parts.subList(index, parts.size())));
            }
            String part = parts.get(index);
            Object found = context.child(part);
            if (found == null) {
                throw Failures.notFound(String.join("/", parts), name, tree.allNames());
            }
            if (!(found instanceof PosthornContext)) {
                if (index + 1 < parts.size()) {
                    NotContextException failure = new NotContextException("'" + String.join("/", parts) + "': '" + part
                            + "' is a " + found.getClass().getSimpleName() + ", which has no names below it");
                    failure.setRemainingName(name);
                    throw failure;
                }
                return found;
            }
            context = (PosthornContext) found;
        }
        return context == this ? new PosthornContext(environment, tree, path, dynamic) : context;
    }

    private Object child(String part) {
        Object found = tree.get(part);
        if (found instanceof NameTree below) {
            return new PosthornContext(environment, below, path + part + "/", null);
        }
        if (found == null && path.isEmpty() && DYNAMIC.containsKey(part)) {
            return new PosthornContext(environment, new NameTree(), part + "/", DYNAMIC.get(part));
        }
        return found;
    }

    /** The parts of a name, of compound names in other syntaxes too; empty parts, as of a leading slash, count for nothing. */
    private static List<String> partsOf(Name name) {
        List<String> parts = new ArrayList<>();
        for (String part : Collections.list(name.getAll())) {
            if (!part.isEmpty()) {
                parts.add(part);
            }
        }
        return parts;
    }

    @Override
    public NamingEnumeration<NameClassPair> list(String name) throws NamingException {
        return list(new CompositeName(name));
    }

    @Override
    public NamingEnumeration<NameClassPair> list(Name name) throws NamingException {
        List<NameClassPair> pairs = new ArrayList<>();
        for (Binding binding : contextAt(name).bindings()) {
            pairs.add(new NameClassPair(
                    binding.getName(), binding.getObject().getClass().getName()));
        }
        return new Listing<>(pairs);
    }

    @Override
    public NamingEnumeration<Binding> listBindings(String name) throws NamingException {
        return listBindings(new CompositeName(name));
    }

    @Override
    public NamingEnumeration<Binding> listBindings(Name name) throws NamingException {
        return new Listing<>(contextAt(name).bindings());
    }

    private PosthornContext contextAt(Name name) throws NamingException {
        Object found = lookup(name);
        if (found instanceof PosthornContext context) {
            return context;
        }
        throw new NotContextException(
                "'" + name + "' is a " + found.getClass().getSimpleName() + " and has no names to list");
    }

    private List<Binding> bindings() {
        List<Binding> bindings = new ArrayList<>();
        for (String part : tree.children().keySet()) {
            bindings.add(new Binding(part, child(part)));
        }
        return bindings;
    }

    @Override
    public Object lookupLink(Name name) throws NamingException {
        return lookup(name);
    }

    @Override
    public Object lookupLink(String name) throws NamingException {
        return lookup(name);
    }

    @Override
    public NameParser getNameParser(Name name) {
        return CompositeName::new;
    }

    @Override
    public NameParser getNameParser(String name) {
        return CompositeName::new;
    }

    @Override
    public Name composeName(Name name, Name prefix) throws NamingException {
        return ((Name) prefix.clone()).addAll(name);
    }

    @Override
    public String composeName(String name, String prefix) throws NamingException {
        return composeName(new CompositeName(name), new CompositeName(prefix)).toString();
    }

    @Override
    public String getNameInNamespace() {
        return path.isEmpty() ? "" : path.substring(0, path.length() - 1);
    }

    @Override
    public Object addToEnvironment(String name, Object value) {
        return environment.put(name, value);
    }

    @Override
    public Object removeFromEnvironment(String name) {
        return environment.remove(name);
    }

    @Override
    public Hashtable<?, ?> getEnvironment() {
        return new Hashtable<>(environment);
    }

    @Override
    public void close() {
        // It holds nothing.
    }

    @Override
    public void bind(Name name, Object object) throws NamingException {
        throw Failures.readOnly("bind", name);
    }

    @Override
    public void bind(String name, Object object) throws NamingException {
        throw Failures.readOnly("bind", name);
    }

    @Override
    public void rebind(Name name, Object object) throws NamingException {
        throw Failures.readOnly("rebind", name);
    }

    @Override
    public void rebind(String name, Object object) throws NamingException {
        throw Failures.readOnly("rebind", name);
    }

    @Override
    public void unbind(Name name) throws NamingException {
        throw Failures.readOnly("unbind", name);
    }

    @Override
    public void unbind(String name) throws NamingException {
        throw Failures.readOnly("unbind", name);
    }

    @Override
    public void rename(Name from, Name to) throws NamingException {
        throw Failures.readOnly("rename", from);
    }

    @Override
    public void rename(String from, String to) throws NamingException {
        throw Failures.readOnly("rename", from);
    }

    @Override
    public Context createSubcontext(Name name) throws NamingException {
        throw Failures.readOnly("createSubcontext", name);
    }

    @Override
    public Context createSubcontext(String name) throws NamingException {
        throw Failures.readOnly("createSubcontext", name);
    }

    @Override
    public void destroySubcontext(Name name) throws NamingException {
        throw Failures.readOnly("destroySubcontext", name);
    }

    @Override
    public void destroySubcontext(String name) throws NamingException {
        throw Failures.readOnly("destroySubcontext", name);
    }

    @Override
    public String toString() {
        return "PosthornContext[" + getNameInNamespace() + "]";
    }
}
