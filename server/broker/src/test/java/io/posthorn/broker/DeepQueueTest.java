package io.posthorn.broker;

import static io.posthorn.broker.TestClient.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import io.posthorn.wire.message.EnvelopeBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Queues whose contents are not in memory: reading back, selectors, browsers. */
class DeepQueueTest {

    private static final Address QUEUE = Address.queue("q");

    private final BrokerHarness harness = new BrokerHarness(1 << 16, 0, 64L << 20);
    private final TestClient client = harness.connected();

    @Test
    void shouldReadBackWhatIsNotInMemoryInOrder() {
        send(1000);

        client.consume(1, QUEUE);

        assertThat(client.takeTexts()).isEqualTo(numbers(0, 1000));
        assertThat(harness.fetches).isEqualTo(1000);
    }

    @Test
    void shouldKeepTheOrderWhileSomeContentsAreStillBeingRead() {
        send(5);
        client.attach(1, QUEUE);
        harness.byHand();
        client.credit(1, 100);
        client.send(QUEUE, message("volatile").persistent(false));
        harness.sync();

        harness.readLast();
        assertThat(client.deliveries).isEmpty();
        harness.readOne();
        harness.sync();
        assertThat(client.takeTexts()).containsExactly("0");
        harness.readLast();
        harness.readLast();
        assertThat(client.deliveries).hasSize(1);
        harness.readLast();
        harness.sync();

        assertThat(client.takeTexts()).containsExactly("1", "2", "3", "4", "volatile");
    }

    @Test
    void shouldKeepBackWhatCannotBeReadAndGoOnWithTheRest() {
        send(4);
        client.attach(1, QUEUE);
        harness.byHand();
        client.credit(1, 2);
        harness.unreadable.add(harness.newestFetch());

        harness.automatic();

        assertThat(client.takeTexts()).containsExactly("0", "2");
        client.credit(1, 10);
        assertThat(client.takeTexts()).containsExactly("3");
        harness.unreadable.clear();
        harness.crash();
        assertThat(harness.connected().consume(1, QUEUE).takeTexts()).containsExactly("0", "1", "2", "3");
    }

    @Test
    void shouldPassOverWhatASelectorCannotRead() {
        send(4);
        client.attach(1, 1, Source.queue(QUEUE, "n > 0"));
        harness.byHand();
        client.credit(1, 10);
        harness.readOne();
        harness.readOne();
        harness.unreadable.add(harness.newestFetch());

        harness.automatic();

        assertThat(client.takeTexts()).containsExactly("1", "2");
    }

    @Test
    void shouldNotKeepBackWhatWasReadAheadWhenItsSegmentIsGone() {
        BrokerHarness own = new BrokerHarness(1 << 16, 0, 64L << 20, 400, 4, 1L << 40);
        TestClient seeker = own.connected();
        for (int number = 0; number < 4; number++) {
            seeker.send(QUEUE, message("" + number).property("n", number));
        }
        seeker.attach(1, 1, Source.queue(QUEUE, "n >= 0"));
        own.byHand();
        seeker.credit(1, 1);
        own.readOne(); // all four are being read
        own.sync();
        seeker.acknowledge(1, seeker.last().entry());
        own.unreadable.add(own.newestFetch());
        seeker.send(Address.queue("other"), "in the place of the block");
        own.automatic();
        own.unreadable.clear();

        seeker.credit(1, 10);
        assertThat(seeker.takeTexts()).containsExactly("0", "1", "2", "3");
    }

    @Test
    void shouldAnswerADrainOnlyAfterContentsThatAreStillBeingRead() {
        send(2);
        client.attach(1, QUEUE);
        harness.byHand();
        client.credit(1, 10);
        client.drain(1, 1);
        harness.readOne();
        assertThat(client.isDrained(1)).isFalse();

        harness.readOne();
        harness.sync();

        assertThat(client.isDrained(1)).isTrue();
        assertThat(client.takeTexts()).containsExactly("0", "1");
    }

    @Test
    void shouldAnswerADrainWhenTheLastContentCannotBeRead() {
        send(1);
        client.attach(1, QUEUE);
        harness.byHand();
        client.credit(1, 10);
        harness.unreadable.add(harness.newestFetch());
        client.drain(1, 1);

        harness.automatic();

        assertThat(client.isDrained(1)).isTrue();
    }

    @Test
    void shouldNotSendWhatWasReleasedWhileItWasBeingRead() {
        send(2);
        client.attach(1, QUEUE);
        harness.byHand();
        client.credit(1, 10);
        client.release(1);
        harness.automatic();
        assertThat(client.received).noneMatch(frame -> frame instanceof ServerFrame.Deliver);

        client.credit(1, 10);
        assertThat(client.takeTexts()).containsExactly("0", "1");
    }

    @Test
    void shouldNotTripOverAnAcknowledgementOfWhatIsStillBeingRead() {
        send(600);
        client.attach(1, QUEUE);
        client.credit(1, 511);
        client.acknowledge(
                1,
                client.deliveries.stream().mapToLong(ServerFrame.Deliver::entry).toArray());
        long next = client.last().entry() + 1;
        client.take();
        harness.byHand();
        client.credit(1, 513);

        client.acknowledge(1, next);
        harness.automatic();

        assertThat(client.takeTexts()).containsExactly("512");
    }

    // ---- selectors

    @Test
    void shouldFindWhatASelectorWantsWithOneLookAtEachMessage() {
        send(1000);

        client.consume(1, Source.queue(QUEUE, "n = 250 OR n = 750 OR n = 999"));

        assertThat(client.takeTexts()).containsExactly("250", "750", "999");
        assertThat(harness.fetches).isEqualTo(1000);

        client.send(QUEUE, numbered(750));
        assertThat(client.takeTexts()).containsExactly("750");
        assertThat(harness.fetches).isLessThanOrEqualTo(1001);
    }

    @Test
    void shouldLookFurtherOnlyWhenThereIsCredit() {
        send(1000);
        client.attach(1, 1, Source.queue(QUEUE, "n >= 100"));
        client.credit(1, 1);

        assertThat(client.takeTexts()).containsExactly("100");
        assertThat(harness.fetches).isLessThan(200);
    }

    @Test
    void shouldFindAgainWhatComesBackBehindTheScanInOrder() {
        send(300);
        TestClient other = harness.connected();
        other.attach(1, QUEUE);
        other.credit(1, 50);
        client.consume(1, Source.queue(QUEUE, "n < 100"));
        assertThat(client.takeTexts()).isEqualTo(numbers(50, 50));
        long before = harness.fetches;

        other.release(1);

        assertThat(client.takeTexts()).isEqualTo(numbers(0, 50));
        assertThat(harness.fetches - before).isEqualTo(50);
    }

    @Test
    void shouldFindAgainInEveryPriority() {
        TestClient other = harness.connected();
        for (int index = 0; index < 20; index++) {
            client.send(QUEUE, numbered(index).priority(index % 2 == 0 ? 4 : 9));
        }
        other.consume(1, QUEUE);
        client.consume(1, Source.queue(QUEUE, "n >= 0"));
        assertThat(client.deliveries).isEmpty();
        other.detach(1);
        client.release(1);
        client.take();
        other.attach(2, QUEUE);
        other.credit(2, 12);
        client.credit(1, 3);
        other.release(2);
        client.credit(1, 100);

        List<String> again = client.takeTexts();
        assertThat(again).hasSize(20).doesNotHaveDuplicates();
        assertThat(again.subList(0, 3)).containsExactly("4", "6", "8");
        assertThat(again.subList(3, 13)).containsExactly("1", "3", "5", "7", "9", "11", "13", "15", "17", "19");
        assertThat(again.subList(13, 20)).containsExactly("0", "2", "10", "12", "14", "16", "18");
    }

    @Test
    void shouldNotBlockALaneBehindAnOldNoteOfAHigherOne() {
        client.send(QUEUE, numbered(1).priority(9));
        client.send(QUEUE, numbered(2).priority(4));
        TestClient holder = harness.connected();
        holder.consume(1, QUEUE);
        client.attach(1, 1, Source.queue(QUEUE, "n > 0"));
        client.credit(1, 100);
        client.send(QUEUE, numbered(3).priority(9));
        client.send(QUEUE, numbered(4).priority(4));
        client.acknowledge(
                1,
                client.deliveries.stream().mapToLong(ServerFrame.Deliver::entry).toArray());
        client.release(1);
        holder.release(1, holder.lastEntries(2));
        holder.credit(1, 1);

        client.credit(1, 100);

        assertThat(client.takeTexts()).contains("2");
    }

    @Test
    void shouldServeTwoSelectorsThatShareAQueue() {
        send(500);
        client.attach(1, 1, Source.queue(QUEUE, "MOD1 = 0"));
        client.attach(1, 2, Source.queue(QUEUE, "MOD1 = 1"));
        client.credit(1, 1000);
        client.credit(2, 1000);

        assertThat(client.textsOf(1)).hasSize(250);
        assertThat(client.textsOf(2)).hasSize(250);
        assertThat(client.takeTexts()).hasSize(500).doesNotHaveDuplicates();
    }

    @Test
    void shouldResumeAllThatWaitForTheSameContent() {
        send(1);
        harness.byHand();
        client.attach(1, 1, Source.queue(QUEUE, "n = 5"));
        client.attach(1, 2, Source.queue(QUEUE, "n = 6"));
        client.attach(1, 3, Source.queue(QUEUE, "n = 0"));
        for (int consumer = 1; consumer <= 3; consumer++) {
            client.credit(consumer, 10);
            client.drain(consumer, consumer);
        }

        harness.automatic();

        assertThat(client.takeTexts()).containsExactly("0");
        assertThat(client.isDrained(1) && client.isDrained(2) && client.isDrained(3))
                .isTrue();
        assertThat(harness.fetches).isEqualTo(1);
    }

    @Test
    void shouldNotWaitForeverForAContentWhoseMessageIsGoneMeanwhile() {
        client.send(QUEUE, numbered(0).expiration(harness.nowMs + 500));
        send(2);
        harness.byHand();
        client.attach(1, 1, Source.queue(QUEUE, "n = 1"));
        client.credit(1, 10);
        harness.sleep(2000);

        harness.automatic();

        assertThat(client.takeTexts()).containsExactly("1");
    }

    @Test
    void shouldChooseNobodyForAMessageWithMalformedProperties() {
        byte[] broken = numbered(1).build().bytes();
        Arrays.fill(broken, 40, 44, (byte) 0xFF);
        client.send(1, false, QUEUE, broken);
        client.send(QUEUE, numbered(1));
        client.consume(1, Source.queue(QUEUE, "n = 1"));

        assertThat(client.take()).hasSize(1);

        client.consume(2, QUEUE);
        assertThat(client.last().envelope()).isEqualTo(broken);
    }

    // ---- browsers

    @Test
    void shouldShowABrowserAllThatIsThereWithoutTakingIt() {
        send(300);
        client.attach(1, 1, Source.browse(QUEUE, null));
        client.credit(1, 1000);
        client.drain(1, 1);

        assertThat(client.isDrained(1)).isTrue();
        assertThat(client.takeTexts()).isEqualTo(numbers(0, 300));
        client.consume(2, QUEUE);
        List<ServerFrame.Deliver> consumed = client.take();
        assertThat(consumed.stream().map(TestClient::text)).isEqualTo(numbers(0, 300));
        assertThat(consumed).allMatch(deliver -> !deliver.redelivered() && deliver.attempts() == 0);
    }

    @Test
    void shouldStreamToABrowserAsItsCreditAllows() {
        send(100);
        client.attach(1, 1, Source.browse(QUEUE, "n >= 10"));
        client.credit(1, 5);
        assertThat(client.takeTexts()).isEqualTo(numbers(10, 5));

        client.credit(1, 8);
        assertThat(client.takeTexts()).isEqualTo(numbers(15, 3));

        client.credit(1, 1000);
        client.drain(1, 1);
        assertThat(client.takeTexts()).isEqualTo(numbers(18, 82));
        assertThat(client.isDrained(1)).isTrue();
    }

    @Test
    void shouldNotShowABrowserWhatOthersHold() {
        send(10);
        client.attach(1, QUEUE);
        client.credit(1, 4);
        client.take();
        client.attach(1, 2, Source.browse(QUEUE, null));
        client.credit(2, 100);
        client.drain(2, 1);

        assertThat(client.takeTexts()).isEqualTo(numbers(4, 6));
    }

    @Test
    void shouldNotShowABrowserWhatHasExpired() {
        client.send(QUEUE, numbered(0).expiration(harness.nowMs + 100));
        client.send(QUEUE, numbered(1));
        harness.nowMs += 150;
        client.attach(1, 1, Source.browse(QUEUE, null));
        client.credit(1, 100);

        assertThat(client.takeTexts()).containsExactly("1");
    }

    @Test
    void shouldKeepNoContentsForBrowsersAndSelectorsInMemory() {
        send(2000);
        client.attach(1, 1, Source.browse(QUEUE, null));
        client.credit(1, 10_000);
        client.attach(1, 2, Source.queue(QUEUE, "n < 0"));
        client.credit(2, 10);
        long before = harness.fetches;

        client.consume(3, QUEUE);

        assertThat(client.textsOf(3)).hasSize(2000);
        assertThat(harness.fetches - before).isGreaterThan(1900);
    }

    private void send(int count) {
        for (int index = 0; index < count; index++) {
            client.send(QUEUE, numbered(index));
        }
    }

    private static EnvelopeBuilder numbered(int number) {
        return message("" + number).property("n", number).property("MOD1", number % 2);
    }

    private static List<String> numbers(int first, int count) {
        List<String> texts = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            texts.add("" + (first + index));
        }
        return texts;
    }
}
