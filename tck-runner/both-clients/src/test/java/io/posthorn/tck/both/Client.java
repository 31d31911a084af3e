package io.posthorn.tck.both;

/** One connection of one of the two clients, in terms that know neither {@code jakarta.jms} nor {@code javax.jms}. */
public interface Client extends AutoCloseable {

    /** How long a receive waits for what must come. */
    int WAIT_MS = 30_000;

    /** Sends to the queue, and tells the headers that the sender then sees on its message. */
    Headers send(String queue, Letter letter, Sending how);

    /** The next message of the queue that the selector lets through; null for any. */
    Letter receive(String queue, String selector);

    /** Makes a durable shared subscription that stays when this connection closes. */
    void subscribe(String topic, String subscription);

    void publish(String topic, Letter letter);

    /** The next message of a durable shared subscription. */
    Letter receiveFrom(String topic, String subscription);

    /** Asks, with a temporary queue for the answer. */
    Headers ask(String queue, String question);

    /** Takes one question and answers it, to wherever it wants the answer, with its identifier as correlation. */
    void answer(String queue, String answer);

    /** The answer to what was asked. */
    Letter awaitAnswer();

    @Override
    void close();
}
