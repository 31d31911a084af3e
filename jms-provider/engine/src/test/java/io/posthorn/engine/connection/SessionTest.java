package io.posthorn.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.engine.Delivery;
import io.posthorn.engine.EngineConsumer;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.EngineSession;
import io.posthorn.engine.Outcome;
import io.posthorn.engine.Pending;
import io.posthorn.engine.model.Messages;
import io.posthorn.engine.model.World;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.Source;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Acknowledging, local transactions, branches. */
class SessionTest {

    private static final Address QUEUE = Address.queue("orders");
    private static final Address RESULTS = Address.queue("results");
    private static final BranchId BRANCH = new BranchId(1, new byte[] {1}, new byte[] {2});

    private final World world = new World(1);
    private ResumingConnection connection;
    private EngineSession session;
    private EngineConsumer consumer;

    @BeforeEach
    void connect() throws Exception {
        for (int number = 0; number < 6; number++) {
            world.server.preload(QUEUE, Messages.persistent("m" + number));
        }
        connection = world.connect();
        session = connection.openSession();
        consumer = session.attach(Source.queue(QUEUE, null));
        connection.start();
        world.settle();
        world.server.frames.clear();
    }

    private List<Delivery> take(int count) {
        List<Delivery> deliveries = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            deliveries.add(consumer.poll());
        }
        return deliveries;
    }

    private List<String> rest() {
        List<String> texts = new ArrayList<>();
        for (Delivery delivery; (delivery = consumer.poll()) != null; ) {
            texts.add(Messages.text(delivery.envelope()) + "/" + delivery.attempts());
        }
        return texts;
    }

    private List<String> sentKinds() {
        return world.server.frames.stream()
                .map(frame -> frame.getClass().getSimpleName())
                .filter(name -> !name.equals("Credit"))
                .toList();
    }

    @Test
    void shouldMergeAcknowledgementsThatNobodyWaitsFor() throws Exception {
        List<Delivery> taken = take(4);
        List<Pending> pending = new ArrayList<>();
        for (Delivery delivery : taken) {
            pending.add(session.acknowledge(delivery, false));
        }
        for (Pending each : pending) {
            each.await();
        }

        assertThat(world.server.frames(ClientFrame.Acknowledge.class))
                .singleElement()
                .satisfies(frame -> assertThat(frame.entries().rangeCount()).isEqualTo(1))
                .satisfies(frame -> assertThat(frame.entries().count()).isEqualTo(4));
        assertThat(world.server.contents(QUEUE)).hasSize(2);
    }

    @Test
    void shouldNotMergeAcrossOtherCommands() throws Exception {
        List<Delivery> taken = take(3);
        session.acknowledge(taken.get(0), false);
        session.send(RESULTS, Messages.persistent("r"), false, true);
        session.acknowledge(taken.get(1), false);
        session.acknowledge(taken.get(2), true).await();

        assertThat(sentKinds()).containsExactly("Acknowledge", "DeclareAddress", "Send", "Acknowledge", "Acknowledge");
        assertThat(world.server.frames(ClientFrame.Acknowledge.class))
                .extracting(ClientFrame.Acknowledge::forced)
                .containsExactly(false, false, true);
    }

    @Test
    void shouldNotMergeAcrossASendThatNobodyWaitsFor() throws Exception {
        List<Delivery> taken = take(2);
        session.acknowledge(taken.get(0), false);
        session.send(RESULTS, Messages.volatileOne("r"), false, Outcome.NONE);
        session.acknowledge(taken.get(1), false).await();

        assertThat(sentKinds()).containsExactly("Acknowledge", "DeclareAddress", "Send", "Acknowledge");
    }

    @Test
    void shouldNotMergeAcrossAnAcknowledgementThatSomebodyWaitsFor() throws Exception {
        List<Delivery> taken = take(3);
        world.transport.link.breakDown();
        session.acknowledge(taken.get(0), false);
        session.acknowledge(taken.get(1), true);
        session.acknowledge(taken.get(2), false);
        world.settle();

        assertThat(world.server.frames(ClientFrame.Acknowledge.class))
                .extracting(ClientFrame.Acknowledge::forced)
                .containsExactly(false, true, false);
    }

    @Test
    void shouldNotMergeAcrossConsumers() throws Exception {
        EngineConsumer second = session.attach(Source.queue(RESULTS, null));
        session.send(RESULTS, Messages.persistent("r"), false, true).await();
        world.settle();
        world.server.frames.clear();
        List<Delivery> taken = take(3);
        session.acknowledge(taken.get(0), false);
        session.acknowledge(second.poll(), false);
        session.acknowledge(taken.get(1), false);
        session.acknowledge(taken.get(2), false).await();

        assertThat(world.server.frames(ClientFrame.Acknowledge.class))
                .extracting(frame -> frame.entries().count())
                .containsExactly(1L, 1L, 2L);
    }

    @Test
    void shouldMergeNothingIntoWhatHasGone() throws Exception {
        List<Delivery> taken = take(2);
        session.acknowledge(taken.get(0), false).await();
        session.acknowledge(taken.get(1), false).await();

        assertThat(world.server.frames(ClientFrame.Acknowledge.class)).hasSize(2);
        assertThat(world.server.contents(QUEUE)).hasSize(4);
    }

    @Test
    void shouldAcknowledgeOnlyOnce() throws Exception {
        Delivery delivery = take(1).get(0);
        session.acknowledge(delivery, true).await();
        session.acknowledge(delivery, true).await();
        session.acknowledgeAll(true).await();

        assertThat(world.server.frames(ClientFrame.Acknowledge.class)).hasSize(1);
    }

    @Test
    void shouldRefuseADeliveryOfAnotherSession() {
        EngineSession other = connection.openSession();
        Delivery delivery = take(1).get(0);

        assertThatThrownBy(() -> other.acknowledge(delivery, true)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldAcknowledgeAllAlsoOfClosedConsumers() throws Exception {
        take(2);
        consumer.close();
        EngineConsumer second = session.attach(Source.queue(QUEUE, null));
        world.settle();
        second.poll();

        session.acknowledgeAll(true).await();

        assertThat(Messages.texts(world.server.contents(QUEUE))).containsExactly("m3", "m4", "m5");
    }

    @Test
    void shouldTellTheFailureOfAnyOfSeveralAcknowledgements() throws Exception {
        take(2);
        consumer.close();
        EngineConsumer second = session.attach(Source.queue(QUEUE, null));
        world.settle();
        second.poll();
        world.server.autoTake = false;
        world.server.preload(QUEUE, Messages.persistent("x"));
        world.server.consumers().get(0).closed = true;
        world.transport.link.breakDown();
        world.server.crash();
        world.server.steal(QUEUE);
        world.server.autoTake = true;

        assertThatThrownBy(() -> session.acknowledgeAll(true).await())
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.ILLEGAL_STATE);
    }

    @Test
    void shouldCommitWhatWasReceivedAndSentInOneFlush() throws Exception {
        take(2);
        session.send(RESULTS, Messages.persistent("r1"), true, true);
        world.settle();
        assertThat(world.server.contents(RESULTS)).isEmpty();
        int flushes = world.transport.link.flushes;
        Pending commit = session.commit();
        world.transport.runAll();
        assertThat(world.transport.link.flushes).isEqualTo(flushes + 1);
        commit.await();

        assertThat(sentKinds()).containsExactly("DeclareAddress", "Send", "Acknowledge", "Commit");
        assertThat(world.server.frames(ClientFrame.Acknowledge.class).get(0).transacted())
                .isTrue();
        assertThat(Messages.texts(world.server.contents(RESULTS))).containsExactly("r1");
        assertThat(world.server.contents(QUEUE)).hasSize(4);
    }

    @Test
    void shouldRedeliverInPlaceAfterRollback() throws Exception {
        take(2);
        session.send(RESULTS, Messages.persistent("r1"), true, true);

        session.rollback().await();
        world.settle();

        assertThat(rest()).containsExactly("m0/1", "m1/1", "m2/0", "m3/0", "m4/0", "m5/0");
        assertThat(world.server.contents(RESULTS)).isEmpty();
        assertThat(sentKinds()).containsExactly("DeclareAddress", "Send", "Rollback", "Release");
    }

    @Test
    void shouldRedeliverAfterRecover() throws Exception {
        take(3);

        session.recover().await();
        world.settle();

        assertThat(rest()).containsExactly("m0/1", "m1/1", "m2/1", "m3/0", "m4/0", "m5/0");
        assertThat(sentKinds()).containsExactly("Release");
    }

    @Test
    void shouldRollBackWhatAClosedConsumerWasHanded() throws Exception {
        take(2);
        consumer.close();

        session.rollback().await();
        world.settle();

        assertThat(world.server.attempts(QUEUE)).containsExactly(1, 1, 0, 0, 0, 0);
        assertThat(world.server.free(QUEUE)).hasSize(6);
    }

    @Test
    void shouldCountOnlyWhatWasHandedOverWhenTheSessionCloses() throws Exception {
        take(2);

        session.close();

        assertThat(world.server.attempts(QUEUE)).containsExactly(1, 1, 0, 0, 0, 0);
        assertThat(world.server.free(QUEUE)).hasSize(6);
        assertThat(consumer.poll()).isNull();
        assertThat(world.server.sessionCount()).isZero();
        assertThatThrownBy(() -> session.send(QUEUE, Messages.persistent("x"), false, true))
                .hasMessageContaining("the session is closed");
        assertThatThrownBy(() -> session.attach(Source.queue(QUEUE, null)))
                .hasMessageContaining("the session is closed");
    }

    @Test
    void shouldAcknowledgeInABranchOnlyWhatWasHandedOverInIt() throws Exception {
        take(1);
        session.xaStart(BRANCH, 0, null).await();
        take(2);
        session.send(RESULTS, Messages.persistent("r1"), true, true);
        session.xaEnd(BRANCH, 0).await();
        take(1);

        assertThat(connection.prepare(BRANCH).await()).isZero();
        assertThat(connection.recover()).containsExactly(BRANCH);
        connection.commit(BRANCH, false).await();

        assertThat(connection.recover()).isEmpty();
        assertThat(Messages.texts(world.server.contents(QUEUE))).containsExactly("m0", "m3", "m4", "m5");
        assertThat(Messages.texts(world.server.contents(RESULTS))).containsExactly("r1");
    }

    @Test
    void shouldNotKeepABranchThatDidNotBegin() throws Exception {
        session.xaStart(BRANCH, 0, null).await();
        session.xaEnd(BRANCH, 0).await();
        connection.prepare(BRANCH).await();
        Pending refused = session.xaStart(BRANCH, 0, null);
        take(1);
        assertThatThrownBy(refused::await)
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.XA_DUPLICATE);
        session.acknowledgeAll(true).await();

        assertThat(world.server.contents(QUEUE)).hasSize(5);
        connection.rollback(BRANCH).await();
        assertThatThrownBy(() -> connection.commit(BRANCH, true).await())
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.XA_UNKNOWN);
    }
}
