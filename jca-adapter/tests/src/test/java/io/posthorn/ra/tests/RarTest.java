package io.posthorn.ra.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.posthorn.ra.harness.Node;
import java.beans.BeanInfo;
import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The two RARs as the build packs them: small, with nothing in them that is not ours under a name of our own, and whole. */
class RarTest {

    private static final long BYTES_MAX = 5L << 20;

    @TempDir
    Path folder;

    /** One archive. */
    enum Rar {
        JAKARTA("rar.jakarta", "jakarta.", "io.posthorn.ra.", "2.1", List.of()),
        JAVAX(
                "rar.javax",
                "javax.",
                "io.posthorn.javax.ra.",
                "1.7",
                List.of("jakarta.", "io.posthorn.ra.", "io.posthorn.jms."));

        private final Path file;
        private final String specification;
        private final String own;
        private final String version;
        private final List<String> oldNames;

        Rar(String property, String specification, String own, String version, List<String> oldNames) {
            this.file = Path.of(System.getProperty(property));
            this.specification = specification;
            this.own = own;
            this.version = version;
            this.oldNames = oldNames;
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldBeSmallAndHoldNothingOfOthers(Rar rar) throws Exception {
        assertThat(Files.size(rar.file)).isLessThan(BYTES_MAX);
        try (JarFile jar = new JarFile(jarOf(rar).toFile())) {
            List<String> foreign = jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class") && !name.startsWith("io/posthorn/"))
                    .toList();
            assertThat(foreign).isEmpty();
            assertThat(jar.stream().map(entry -> entry.getName()))
                    .noneMatch(name -> name.contains("logback") || name.startsWith("META-INF/maven"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldLinkAndDescribeItsClassesRightly(Rar rar) throws Exception {
        try (URLClassLoader loader = loaderOf(rar)) {
            Element root = descriptor(rar);
            assertThat(root.getAttribute("version")).isEqualTo(rar.version);
            Set<String> described = new TreeSet<>();
            for (String kind : List.of(
                    "resourceadapter-class",
                    "managedconnectionfactory-class",
                    "activationspec-class",
                    "adminobject-class")) {
                NodeList all = root.getElementsByTagName(kind);
                for (int index = 0; index < all.getLength(); index++) {
                    Element named = (Element) all.item(index);
                    described.add(named.getTextContent());
                    checkProperties(loader.loadClass(named.getTextContent()), (Element) named.getParentNode());
                }
            }
            assertThat(described).hasSize(7).allMatch(name -> name.startsWith(rar.own));
            for (String kind : List.of(
                    "connectionfactory-interface",
                    "connectionfactory-impl-class",
                    "connection-interface",
                    "connection-impl-class",
                    "messagelistener-type",
                    "adminobject-interface",
                    "credential-interface")) {
                NodeList all = root.getElementsByTagName(kind);
                assertThat(all.getLength()).as(kind).isPositive();
                for (int index = 0; index < all.getLength(); index++) {
                    String name = all.item(index).getTextContent();
                    assertThat(name.startsWith(rar.own) || name.startsWith(rar.specification))
                            .as(name)
                            .isTrue();
                    loader.loadClass(name);
                }
            }
            assertThat(unlinked(rar, loader)).isEmpty();
        }
    }

    /** What is described is there, and what is there is described, other names aside. */
    private static void checkProperties(Class<?> type, Element parent) throws Exception {
        Map<String, String> described = new TreeMap<>();
        NodeList all = parent.getElementsByTagName("config-property");
        for (int index = 0; index < all.getLength(); index++) {
            Element property = (Element) all.item(index);
            if (property.getParentNode() == parent) {
                described.put(
                        property.getElementsByTagName("config-property-name")
                                .item(0)
                                .getTextContent(),
                        property.getElementsByTagName("config-property-type")
                                .item(0)
                                .getTextContent());
            }
        }
        BeanInfo bean = Introspector.getBeanInfo(type);
        Map<String, String> there = Arrays.stream(bean.getPropertyDescriptors())
                .filter(property -> property.getWriteMethod() != null
                        && property.getPropertyType().getName().startsWith("java.lang."))
                .collect(Collectors.toMap(
                        PropertyDescriptor::getName,
                        property -> property.getPropertyType().getName(),
                        (one, other) -> one,
                        TreeMap::new));
        assertThat(there).as(type.getName()).containsAllEntriesOf(described);
        there.keySet().removeAll(described.keySet());
        assertThat(there.keySet())
                .as("of " + type.getName() + ", not in ra.xml")
                .isSubsetOf("useJNDI");
    }

    /** Classes whose signatures name something that is not there, or by a name that the build should have replaced. */
    private List<String> unlinked(Rar rar, URLClassLoader loader) throws IOException {
        List<String> problems = new ArrayList<>();
        try (JarFile jar = new JarFile(jarOf(rar).toFile())) {
            List<String> names = jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class") && !name.contains("/lib/") && !name.endsWith("-info.class"))
                    .map(name -> name.substring(0, name.length() - 6).replace('/', '.'))
                    .toList();
            assertThat(names).hasSizeGreaterThan(200);
            for (String name : names) {
                try {
                    Class<?> type = Class.forName(name, true, loader);
                    signatures(type)
                            .filter(signature -> rar.oldNames.stream().anyMatch(signature::contains))
                            .forEach(signature -> problems.add(name + ": " + signature));
                } catch (ClassNotFoundException | TypeNotPresentException | LinkageError e) {
                    problems.add(name + ": " + e);
                }
            }
        }
        return problems;
    }

    /** All types that reflection shows of a class, with the arguments of generic ones: frameworks ask for these too. */
    private static Stream<String> signatures(Class<?> type) {
        Stream.Builder<Stream<String>> all = Stream.builder();
        all.add(Stream.of(type.toGenericString(), String.valueOf(type.getGenericSuperclass())));
        all.add(Arrays.stream(type.getGenericInterfaces()).map(Type::getTypeName));
        all.add(Arrays.stream(type.getDeclaredMethods()).map(Method::toGenericString));
        all.add(Arrays.stream(type.getDeclaredConstructors()).map(Constructor::toGenericString));
        all.add(Arrays.stream(type.getDeclaredFields()).map(Field::toGenericString));
        if (type.isRecord()) {
            all.add(Arrays.stream(type.getRecordComponents())
                    .map(component -> component.getType().getName() + " "
                            + component.getGenericType().getTypeName()));
        }
        return all.build().flatMap(Function.identity());
    }

    @Test
    void shouldWorkForJakarta(@TempDir Path home) throws Exception {
        try (Node node = Node.start(home);
                URLClassLoader loader = loaderOf(Rar.JAKARTA)) {
            jakarta.jms.ConnectionFactory factory =
                    (jakarta.jms.ConnectionFactory) unmanaged(Rar.JAKARTA, loader, node);
            try (jakarta.jms.JMSContext context = factory.createContext()) {
                context.createProducer().send(context.createQueue("q"), "text");
                assertThat(context.getMetaData().getJMSMajorVersion()).isEqualTo(3);
            }
            assertThat(node.drain("q")).containsExactly("text");
            awaitLastThread(Rar.JAKARTA);
        }
    }

    @Test
    void shouldWorkForJavax(@TempDir Path home) throws Exception {
        try (Node node = Node.start(home);
                URLClassLoader loader = loaderOf(Rar.JAVAX)) {
            javax.jms.ConnectionFactory factory = (javax.jms.ConnectionFactory) unmanaged(Rar.JAVAX, loader, node);
            try (javax.jms.JMSContext context = factory.createContext()) {
                context.createProducer().send(context.createQueue("q"), "text");
                assertThat(context.getMetaData().getJMSMajorVersion()).isEqualTo(2);
            }
            assertThat(node.drain("q")).containsExactly("text");
            awaitLastThread(Rar.JAVAX);
        }
    }

    /** The client's event loops end a little after the last connection, and still need the loader for that. */
    private static void awaitLastThread(Rar rar) {
        await().atMost(Duration.ofSeconds(30))
                .until(() -> Thread.getAllStackTraces().values().stream()
                        .flatMap(Arrays::stream)
                        .noneMatch(frame -> frame.getClassName().startsWith(rar.own + "lib.")));
    }

    private static Object unmanaged(Rar rar, ClassLoader loader, Node node) throws ReflectiveOperationException {
        Class<?> type = loader.loadClass(rar.own + "outbound.PosthornManagedConnectionFactory");
        Object managed = type.getConstructor().newInstance();
        type.getMethod("setUrl", String.class).invoke(managed, node.url());
        return type.getMethod("createConnectionFactory").invoke(managed);
    }

    private Element descriptor(Rar rar) throws Exception {
        try (ZipFile zip = new ZipFile(rar.file.toFile());
                InputStream in = zip.getInputStream(zip.getEntry("META-INF/ra.xml"))) {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(in)
                    .getDocumentElement();
        }
    }

    /** The one jar of the archive, unpacked. */
    private Path jarOf(Rar rar) throws IOException {
        Path unpacked = folder.resolve(rar.name() + ".jar");
        if (!Files.exists(unpacked)) {
            try (ZipFile zip = new ZipFile(rar.file.toFile())) {
                List<? extends java.util.zip.ZipEntry> jars = zip.stream()
                        .filter(entry -> entry.getName().endsWith(".jar"))
                        .toList();
                assertThat(jars).hasSize(1);
                try (InputStream in = zip.getInputStream(jars.get(0))) {
                    Files.copy(in, unpacked);
                }
            }
        }
        return unpacked;
    }

    /** The archive as a server loads it: our classes from it alone, the APIs from the server. */
    private URLClassLoader loaderOf(Rar rar) throws IOException {
        return new URLClassLoader(new URL[] {jarOf(rar).toUri().toURL()}, new ApisOnly());
    }

    /** Hides our own classes that the tests have. */
    private static final class ApisOnly extends ClassLoader {

        ApisOnly() {
            super(RarTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("io.posthorn.")) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }
    }
}
