package io.posthorn.jms.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.jms.JMSException;
import jakarta.jms.MessageFormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Calendar;
import java.util.Collections;
import java.util.Date;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectTrustTest {

    /** An application's class, with one that it holds. */
    static final class Order implements Serializable {
        private static final long serialVersionUID = 1L;
        final String id;
        final ArrayList<Line> lines = new ArrayList<>();

        Order(String id) {
            this.id = id;
            lines.add(new Line());
        }

        static final class Line implements Serializable {
            private static final long serialVersionUID = 1L;
        }
    }

    private static final class Chain implements Serializable {
        private static final long serialVersionUID = 1L;
        private final Chain next;

        Chain(Chain next) {
            this.next = next;
        }

        int length() {
            return next == null ? 1 : 1 + next.length();
        }
    }

    private static final class Refusing implements Serializable {
        private static final long serialVersionUID = 1L;

        private void readObject(ObjectInputStream in) throws IOException {
            throw new InvalidObjectException("I refuse");
        }
    }

    private static PosthornObjectMessage received(Serializable object, ObjectTrust trust) throws JMSException {
        PosthornObjectMessage message = new PosthornObjectMessage();
        message.setObject(object);
        return (PosthornObjectMessage)
                PosthornMessage.decode(message.encode(Messages.HEADERS).bytes(), 0, false, trust);
    }

    @Test
    void shouldTrustValueTypesOfTheJdk() throws JMSException {
        Serializable[] values = {
            true,
            (byte) 1,
            'c',
            1.5f,
            "text",
            new BigDecimal("1.50"),
            DayOfWeek.MONDAY,
            TimeUnit.DAYS,
            Instant.ofEpochSecond(5),
            ZonedDateTime.parse("2026-11-20T10:00:00+01:00[Europe/Berlin]"),
            new Date(5),
            new UUID(1, 2),
            URI.create("a:b"),
            new java.sql.Timestamp(7),
            new ArrayList<>(List.of(1, "two")),
            new LinkedList<>(List.of(1)),
            new TreeMap<>(Map.of("a", 1)),
            new HashMap<>(Map.of("k", new ArrayList<>(List.of(2L)))),
            new HashSet<>(Set.of(1, 2, 3)),
            new ConcurrentHashMap<>(Map.of(1, 2)),
            new EnumMap<>(Map.of(DayOfWeek.FRIDAY, "f")),
            (Serializable) List.of(1, 2),
            (Serializable) Map.of("a", "b"),
            (Serializable) Collections.unmodifiableList(new ArrayList<>()),
            (Serializable) Arrays.asList("x", "y")
        };
        for (Serializable value : values) {
            assertThat(received(value, ObjectTrust.jdkOnly()).getObject()).isEqualTo(value);
        }
        assertThat((Object) received(new String[][] {{"a"}, {}}, ObjectTrust.jdkOnly())
                        .getObject())
                .isEqualTo(new String[][] {{"a"}, {}});
        assertThat((int[]) received(new int[] {1, 2}, ObjectTrust.jdkOnly()).getObject())
                .containsExactly(1, 2);
        assertThat(received(new StringBuffer("b"), ObjectTrust.jdkOnly()).getObject())
                .hasToString("b");
        assertThat(received(Calendar.getInstance(), ObjectTrust.jdkOnly()).getObject())
                .isInstanceOf(Calendar.class);
    }

    @Test
    void shouldRefuseOtherClassesAndNameTheSettingThatLetsThemIn() throws JMSException {
        PosthornObjectMessage message = received(new Order("1"), ObjectTrust.jdkOnly());

        assertThatThrownBy(message::getObject)
                .isInstanceOf(MessageFormatException.class)
                .hasMessageContaining("deserializationAllowList=" + Order.class.getName() + " in")
                .hasCauseInstanceOf(IOException.class);
        assertThat(message.isBodyAssignableTo(Order.class)).isFalse();
        assertThatThrownBy(() -> message.getBody(Order.class)).isInstanceOf(MessageFormatException.class);
        assertThatThrownBy(received(new Order("1"), ObjectTrust.of("com.acme.*, com.b.C"))::getObject)
                .hasMessageContaining("deserializationAllowList=com.acme.*,com.b.C," + Order.class.getName() + " in");
    }

    @Test
    void shouldRefuseClassesInsideTrustedOnes() throws Exception {
        Serializable[] values = {
            new ArrayList<>(List.of(new Order("1"))),
            new HashMap<>(Map.of("a", new Order("1"))),
            new Order[1],
            new Order[][] {{}},
            new Throwable("no value"),
            new URL("http://localhost/"),
            Order.class
        };
        for (Serializable value : values) {
            assertThatThrownBy(received(value, ObjectTrust.jdkOnly())::getObject)
                    .as("%s", value.getClass())
                    .isInstanceOf(MessageFormatException.class)
                    .hasMessageContaining("not trusted");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.posthorn.jms.message.ObjectTrustTest$Order",
                "io.posthorn.jms.message.ObjectTrustTest",
                "io.posthorn.jms.message.*",
                "io.posthorn.*",
                "*",
                "com.acme.Other, io.posthorn.jms.message.ObjectTrustTest$Order ,"
            })
    void shouldTrustWhatTheListNames(String list) throws JMSException {
        Order order = (Order) received(new Order("7"), ObjectTrust.of(list)).getObject();

        assertThat(order.id).isEqualTo("7");
        assertThat(order.lines).hasSize(1);
    }

    @Test
    void shouldNotTakeAPrefixForAName() {
        ObjectTrust trust = ObjectTrust.of("com.acme.Order,org.b.*");

        assertThat(trust.permits("com.acme.Order")).isTrue();
        assertThat(trust.permits("com.acme.Order$Line")).isTrue();
        assertThat(trust.permits("[[Lcom.acme.Order;")).isTrue();
        assertThat(trust.permits("[I")).isTrue();
        assertThat(trust.permits("com.acme.OrderEvil")).isFalse();
        assertThat(trust.permits("com.acme")).isFalse();
        assertThat(trust.permits("org.b.c.D")).isTrue();
        assertThat(trust.permits("org.bad.D")).isFalse();
        assertThat(trust.permits("java.util.logging.Level")).isFalse();
        assertThat(trust.permits("java.lang.ProcessBuilder")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"com.*.Order", "**", "com acme", ".*", "com/acme/Order"})
    void shouldRefuseListsThatNameNoClass(String list) {
        assertThatThrownBy(() -> ObjectTrust.of(list))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + list + "'")
                .hasMessageContaining("deserializationAllowList");
    }

    @Test
    void shouldTakeACopyWhenTheObjectIsSet() throws JMSException {
        PosthornObjectMessage message = new PosthornObjectMessage();
        StringBuffer text = new StringBuffer("This is");
        message.setObject(text);
        text.append(" later");

        assertThat(message.getObject()).hasToString("This is");
        assertThat(message.getObject()).isNotSameAs(message.getObject());
        message.setObject(null);
        assertThat(message.getObject()).isNull();
        assertThat(received(null, ObjectTrust.jdkOnly()).getObject()).isNull();
    }

    @Test
    void shouldGiveTheSenderItsOwnObjectWhateverItIs() throws JMSException {
        PosthornObjectMessage message = new PosthornObjectMessage();
        message.setObject(new Order("1"));

        assertThat(message.getBody(Order.class).id).isEqualTo("1");
    }

    @Test
    void shouldRefuseObjectsThatCannotBeSerialised() {
        PosthornObjectMessage message = new PosthornObjectMessage();
        ArrayList<Object> list = new ArrayList<>(List.of(new Object()));

        assertThatThrownBy(() -> message.setObject(list))
                .isInstanceOf(MessageFormatException.class)
                .hasMessageContaining("java.lang.Object is not Serializable");
    }

    @Test
    void shouldSayWhyAnObjectCannotBeMade() throws Exception {
        assertThatThrownBy(received(new Refusing(), ObjectTrust.all())::getObject)
                .isInstanceOf(MessageFormatException.class)
                .hasMessageContaining("I refuse");
        byte[] bytes = serialised(new Order("1"));
        byte[] renamed = new String(bytes, StandardCharsets.ISO_8859_1)
                .replace("ObjectTrustTest$Order", "ObjectTrustTest$Ordre")
                .getBytes(StandardCharsets.ISO_8859_1);
        assertThatThrownBy(() -> ObjectTrust.all().read(renamed, 0, renamed.length))
                .isInstanceOf(MessageFormatException.class)
                .hasMessageContaining("ObjectTrustTest$Ordre")
                .hasMessageContaining("class path");
        assertThatThrownBy(() -> ObjectTrust.all().read(bytes, 0, bytes.length / 2))
                .isInstanceOf(MessageFormatException.class);
        assertThatThrownBy(() -> ObjectTrust.all().read(new byte[0], 0, 0)).isInstanceOf(MessageFormatException.class);
    }

    @Test
    void shouldLoadClassesThroughTheContextClassLoader() throws JMSException {
        List<String> asked = new ArrayList<>();
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        Thread.currentThread().setContextClassLoader(new ClassLoader(before) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                asked.add(name);
                return super.loadClass(name, resolve);
            }
        });
        try {
            received(new Order("1"), ObjectTrust.all()).getObject();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
        assertThat(asked).contains(Order.class.getName());
    }

    @Test
    @Timeout(20)
    void shouldRefuseListsThatTakeForEverToHash() throws Exception {
        ArrayList<Object> bomb = new ArrayList<>(List.of("x"));
        for (int level = 0; level < 60; level++) {
            ArrayList<Object> next = new ArrayList<>();
            next.add(bomb);
            next.add(bomb);
            bomb = next;
        }
        byte[] shared = serialised(bomb);
        assertThatThrownBy(() -> ObjectTrust.jdkOnly().read(shared, 0, shared.length))
                .isInstanceOf(MessageFormatException.class)
                .hasMessageContaining("deep");
        byte[] deep = serialised((Serializable) nested(ObjectTrust.DEPTH_MAX_JDK + 1));
        byte[] fine = serialised((Serializable) nested(ObjectTrust.DEPTH_MAX_JDK));

        assertThatThrownBy(() -> ObjectTrust.jdkOnly().read(deep, 0, deep.length))
                .isInstanceOf(MessageFormatException.class)
                .hasMessageContaining("deep");
        assertThat(ObjectTrust.jdkOnly().read(fine, 0, fine.length)).isInstanceOf(List.class);
        assertThat(ObjectTrust.of("com.acme.*").read(deep, 0, deep.length)).isInstanceOf(List.class);
    }

    @Test
    void shouldBoundTheDepthOfApplicationObjects() throws Exception {
        Chain chain = null;
        for (int level = 0; level < ObjectTrust.DEPTH_MAX; level++) {
            chain = new Chain(chain);
        }
        byte[] longest = serialised(chain);
        byte[] bytes = serialised(new Chain(chain));

        Chain read = (Chain) ObjectTrust.of("io.posthorn.*").read(longest, 0, longest.length);
        assertThat(read.length()).isEqualTo(ObjectTrust.DEPTH_MAX);
        assertThatThrownBy(() -> ObjectTrust.of("io.posthorn.*").read(bytes, 0, bytes.length))
                .isInstanceOf(MessageFormatException.class)
                .hasMessageContaining("250 objects deep");
    }

    @Test
    void shouldRefuseArraysThatClaimMoreThanCame() throws Exception {
        byte[] bytes = serialised(new Object[5000]);
        byte[] claim = bytes.clone();
        int at = claim.length - 5000 - 4;
        claim[at] = 0x7F;

        assertThat((Object[]) ObjectTrust.jdkOnly().read(bytes, 0, bytes.length))
                .hasSize(5000);
        assertThatThrownBy(() -> ObjectTrust.jdkOnly().read(claim, 0, claim.length))
                .isInstanceOf(MessageFormatException.class)
                .hasMessageContaining("claims");
    }

    @Test
    void shouldTakeLargeCollections() throws Exception {
        Map<Integer, String> large = new HashMap<>();
        for (int count = 0; count < 100_000; count++) {
            large.put(count, "");
        }

        assertThat(received((Serializable) large, ObjectTrust.jdkOnly()).getObject())
                .isEqualTo(large);
        assertThat(received(new HashMap<>(Map.of(1, 2)), ObjectTrust.jdkOnly()).getObject())
                .isEqualTo(Map.of(1, 2));
    }

    private static Object nested(int levels) {
        List<Object> list = new ArrayList<>();
        for (int level = 1; level < levels; level++) {
            list = new ArrayList<>(List.of(list));
        }
        return list;
    }

    private static byte[] serialised(Serializable object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }
}
