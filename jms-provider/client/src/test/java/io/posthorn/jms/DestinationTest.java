package io.posthorn.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.wire.frame.Address;
import jakarta.jms.Destination;
import jakarta.jms.IllegalStateException;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Queue;
import jakarta.jms.Topic;
import java.util.ArrayList;
import java.util.List;
import javax.naming.NamingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationTest {

    @ParameterizedTest
    @EnumSource(Address.Kind.class)
    void shouldStandForAnAddress(Address.Kind kind) throws Exception {
        Address address = new Address(kind, "a");
        PosthornDestination destination = PosthornDestination.of(address);

        assertThat(PosthornDestination.addressOf(destination)).isEqualTo(address);
        assertThat(destination.address()).isEqualTo(address);
        assertThat(destination)
                .isEqualTo(PosthornDestination.of(new Address(kind, "a")))
                .hasSameHashCodeAs(PosthornDestination.of(new Address(kind, "a")));
        assertThat(destination).isNotEqualTo(PosthornDestination.of(new Address(kind, "b")));
        assertThat(destination).hasToString(address.toString());
        PosthornDestination copy = Copies.serialised(destination);
        assertThat(copy).isEqualTo(destination);
        assertThat(PosthornDestination.addressOf(copy)).isEqualTo(address);
    }

    @Test
    void shouldTellQueuesFromTopics() {
        assertThat(new PosthornQueue("a")).isNotEqualTo(new PosthornTopic("a"));
        assertThat(new PosthornQueue("a").getQueueName()).isEqualTo("a");
        assertThat(new PosthornTopic("a").getTopicName()).isEqualTo("a");
    }

    @Test
    void shouldBeABean() throws JMSException {
        PosthornQueue queue = new PosthornQueue();
        assertThat(queue).hasToString("unnamed queue");
        assertThatThrownBy(() -> PosthornDestination.addressOf(queue)).isInstanceOf(InvalidDestinationException.class);
        queue.setName("a");
        assertThat(PosthornDestination.addressOf(queue)).isEqualTo(Address.queue("a"));
        queue.setName("b");
        assertThat(PosthornDestination.addressOf(queue)).isEqualTo(Address.queue("b"));
    }

    @Test
    void shouldTakeOtherProvidersDestinationsByName() throws JMSException {
        assertThat(PosthornDestination.addressOf((Queue) () -> "q")).isEqualTo(Address.queue("q"));
        assertThat(PosthornDestination.addressOf((Topic) () -> "t")).isEqualTo(Address.topic("t"));
    }

    @Test
    void shouldRefuseWhatIsNoDestination() {
        assertThatThrownBy(() -> PosthornDestination.addressOf(null))
                .isInstanceOf(InvalidDestinationException.class)
                .hasMessageContaining("null");
        assertThatThrownBy(() -> PosthornDestination.addressOf(new Destination() {}))
                .isInstanceOf(InvalidDestinationException.class)
                .hasMessageContaining("neither");
        assertThatThrownBy(() -> PosthornDestination.addressOf((Queue) () -> null))
                .isInstanceOf(InvalidDestinationException.class);
        assertThatThrownBy(() -> PosthornDestination.addressOf((Queue) () -> {
                    throw new JMSException("gone");
                }))
                .isInstanceOf(InvalidDestinationException.class)
                .hasMessageContaining("gone")
                .hasCauseInstanceOf(JMSException.class);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {"a\uD800", "\uDC00"})
    void shouldRefuseNamesThatAreNone(String name) {
        assertThatThrownBy(() -> PosthornDestination.addressOf(new PosthornQueue(name)))
                .isInstanceOf(InvalidDestinationException.class);
        assertThatThrownBy(() -> PosthornDestination.addressOf(new PosthornTopic(name)))
                .isInstanceOf(InvalidDestinationException.class);
    }

    @Test
    void shouldBoundTheLengthOfNames() throws JMSException {
        String longest = "x".repeat(Address.NAME_LENGTH_MAX);

        assertThat(PosthornDestination.addressOf(new PosthornQueue(longest)).name())
                .isEqualTo(longest);
        assertThatThrownBy(() -> PosthornDestination.addressOf(new PosthornQueue(longest + "x")))
                .isInstanceOf(InvalidDestinationException.class)
                .hasMessageContaining("4097");
    }

    @Test
    void shouldDeleteTemporaryOnesThroughTheirConnectionOnly() throws Exception {
        List<Address> deleted = new ArrayList<>();
        PosthornTemporaryQueue queue = new PosthornTemporaryQueue("q", deleted::add);
        PosthornTemporaryTopic topic = new PosthornTemporaryTopic("t", deleted::add);

        queue.delete();
        topic.delete();

        assertThat(deleted)
                .containsExactly(
                        new Address(Address.Kind.TEMPORARY_QUEUE, "q"), new Address(Address.Kind.TEMPORARY_TOPIC, "t"));
        PosthornTemporaryQueue copy = Copies.serialised(queue);
        assertThatThrownBy(copy::delete).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(queue::getReference).isInstanceOf(NamingException.class);
    }
}
