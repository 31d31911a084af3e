package io.posthorn.jms.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.jms.PosthornQueue;
import io.posthorn.jms.message.PosthornMessage.SendHeaders;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.message.MalformedException;
import jakarta.jms.JMSException;
import jakarta.jms.MessageEOFException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Messages of random content, sent and received. */
class RoundTripTest {

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @Test
    void shouldDeliverWhatWasSent() throws JMSException {
        System.out.println("RoundTripTest seed " + seed);
        for (int round = 0; round < 2000; round++) {
            Map<String, Object> properties = new LinkedHashMap<>();
            for (int count = random.nextInt(5); count > 0; count--) {
                properties.put("p" + random.nextInt(100), propertyValue());
            }
            Object body = body();
            PosthornMessage sent = message(body, properties);
            PosthornMessage received = deliver(sent);
            verify(received, body, properties);
            verify(deliver(received), body, properties);
        }
    }

    @Test
    void shouldFailOnDamageOnlyInKnownWays() throws JMSException {
        System.out.println("RoundTripTest damage seed " + seed);
        for (int round = 0; round < 3000; round++) {
            PosthornMessage sent = message(body(), Map.of("p", "value", "q", 5));
            sent.setJMSReplyTo(new PosthornQueue("r"));
            byte[] bytes = sent.encode(headers()).bytes().clone();
            for (int count = 1 + random.nextInt(3); count > 0; count--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                PosthornMessage received = PosthornMessage.decode(bytes, 0, false, ObjectTrust.jdkOnly());
                received.getPropertyNames();
                received.getJMSReplyTo();
                read(received);
            } catch (MalformedException | JMSException expected) {
                assertThat(expected.getMessage()).as("seed %s", seed).isNotBlank();
            }
        }
    }

    private PosthornMessage deliver(PosthornMessage sent) throws JMSException {
        return PosthornMessage.decode(sent.encode(headers()).bytes(), 0, false, ObjectTrust.jdkOnly());
    }

    private SendHeaders headers() {
        return new SendHeaders(Address.queue("q"), true, 4, 1, 0, 0, "ID:1", random.nextBoolean());
    }

    private PosthornMessage message(Object body, Map<String, Object> properties) throws JMSException {
        PosthornMessage message = null;
        if (body == null) {
            message = new PosthornPlainMessage();
        } else if (body instanceof String text) {
            message = new PosthornTextMessage(text);
        } else if (body instanceof byte[] bytes) {
            PosthornBytesMessage made = new PosthornBytesMessage();
            made.writeBytes(bytes);
            message = made;
        } else if (body instanceof Map<?, ?> map) {
            PosthornMapMessage made = new PosthornMapMessage();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                made.setObject((String) entry.getKey(), entry.getValue());
            }
            message = made;
        } else if (body instanceof ArrayList<?> list) {
            PosthornStreamMessage made = new PosthornStreamMessage();
            for (Object item : list) {
                made.writeObject(item);
            }
            message = made;
        } else {
            PosthornObjectMessage made = new PosthornObjectMessage();
            made.setObject((Long) body);
            message = made;
        }
        for (Map.Entry<String, Object> property : properties.entrySet()) {
            message.setObjectProperty(property.getKey(), property.getValue());
        }
        return message;
    }

    private static Object read(PosthornMessage message) throws JMSException {
        if (message instanceof PosthornStreamMessage stream) {
            List<Object> items = new ArrayList<>();
            try {
                while (true) {
                    items.add(stream.readObject());
                }
            } catch (MessageEOFException end) {
                return items;
            }
        }
        return message.getBody(Object.class);
    }

    private void verify(PosthornMessage received, Object body, Map<String, Object> properties) throws JMSException {
        Object expected =
                body instanceof byte[] bytes && bytes.length == 0 || body instanceof Map<?, ?> map && map.isEmpty()
                        ? null
                        : body;
        assertThat(flat(read(received))).as("seed %s", seed).isEqualTo(flat(expected));
        List<String> names = Collections.list(received.getPropertyNames());
        names.remove("JMSXDeliveryCount");
        assertThat(names).as("seed %s", seed).containsExactlyElementsOf(properties.keySet());
        for (Map.Entry<String, Object> property : properties.entrySet()) {
            assertThat(received.getObjectProperty(property.getKey()))
                    .as("seed %s", seed)
                    .isEqualTo(property.getValue());
        }
    }

    /** Arrays as lists, so that values can be compared. */
    private static Object flat(Object value) {
        if (value instanceof byte[] bytes) {
            return "bytes " + Arrays.toString(bytes);
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> copy = new LinkedHashMap<>();
            map.forEach((name, each) -> copy.put(name, flat(each)));
            return copy;
        }
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(each -> copy.add(flat(each)));
            return copy;
        }
        return value;
    }

    private Object body() {
        switch (random.nextInt(6)) {
            case 0:
                return null;
            case 1:
                return text(random.nextInt(3000));
            case 2:
                byte[] bytes = new byte[random.nextInt(3000)];
                random.nextBytes(bytes);
                return bytes;
            case 3:
                Map<String, Object> map = new LinkedHashMap<>();
                for (int count = random.nextInt(8); count > 0; count--) {
                    map.put("n" + text(3), itemValue());
                }
                return map;
            case 4:
                List<Object> list = new ArrayList<>();
                for (int count = random.nextInt(8); count > 0; count--) {
                    list.add(itemValue());
                }
                return list;
            default:
                return random.nextLong();
        }
    }

    private Object propertyValue() {
        return switch (random.nextInt(9)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> (byte) random.nextInt();
            case 3 -> (short) random.nextInt();
            case 4 -> random.nextInt();
            case 5 -> random.nextLong();
            case 6 -> random.nextFloat();
            case 7 -> random.nextDouble();
            default -> text(random.nextInt(20));
        };
    }

    private Object itemValue() {
        return switch (random.nextInt(4)) {
            case 0 -> (char) random.nextInt();
            case 1 -> text(5).getBytes(StandardCharsets.UTF_16);
            default -> propertyValue();
        };
    }

    private String text(int length) {
        int kind = random.nextInt(3);
        char[] units = new char[length];
        for (int index = 0; index < length; index++) {
            units[index] = (char) (kind == 0 ? ' ' + random.nextInt(90) : kind == 1 ? random.nextInt(0x10000) : 'x');
        }
        return new String(units);
    }
}
