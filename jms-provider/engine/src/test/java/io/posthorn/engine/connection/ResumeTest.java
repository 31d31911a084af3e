package io.posthorn.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.engine.Delivery;
import io.posthorn.engine.EngineConnection.InterruptionListener;
import io.posthorn.engine.EngineConsumer;
import io.posthorn.engine.EngineException;
import io.posthorn.engine.EngineSession;
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
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a connection does after its link, or its server, was gone. */
class ResumeTest {

    private static final Address QUEUE = Address.queue("orders");
    private static final Address RESULTS = Address.queue("results");
    private static final BranchId BRANCH = new BranchId(1, new byte[] {1}, new byte[] {2});

    private final World world = new World(1);
    private ResumingConnection connection;
    private EngineSession session;

    @BeforeEach
    void connect() throws Exception {
        connection = world.connectStarted();
        session = connection.openSession();
        world.settle();
    }

    private void preload(int count) {
        for (int number = 0; number < count; number++) {
            world.server.preload(QUEUE, Messages.persistent("m" + number));
        }
    }

    /** The server takes what was sent, and confirms nothing. */
    private void takeWithoutConfirming() {
        world.server.autoSync = false;
        world.settle();
    }

    private void breakLink() {
        world.transport.link.breakDown();
        world.server.autoSync = true;
    }

    private void crash() {
        breakLink();
        world.server.crash();
    }

    private List<String> inQueue(Address address) {
        return Messages.texts(world.server.contents(address));
    }

    private static List<String> pollAll(EngineConsumer consumer) {
        List<String> texts = new ArrayList<>();
        for (Delivery delivery; (delivery = consumer.poll()) != null; ) {
            texts.add(Messages.text(delivery.envelope()) + "/" + delivery.attempts());
        }
        return texts;
    }

    @Test
    void shouldSendAgainOnlyWhatTheServerHasNotDone() throws Exception {
        Pending first = session.send(RESULTS, Messages.persistent("1"), false, true);
        takeWithoutConfirming();
        world.server.autoTake = false;
        Pending second = session.send(RESULTS, Messages.persistent("2"), false, true);
        world.settle();
        world.server.autoTake = true;
        breakLink();

        first.await();
        second.await();

        assertThat(inQueue(RESULTS)).containsExactly("1", "2");
        assertThat(world.server.frames(ClientFrame.Connect.class).get(1).knownRun())
                .isEqualTo(1);
    }

    @Test
    void shouldResumeAgainWhenTheLinkBreaksWithTheFirstWriteOfAResumption() throws Exception {
        EngineConsumer consumer = session.attach(Source.queue(QUEUE, null));
        world.settle();
        breakLink();
        world.transport.breakAtFlush = 2;
        world.settle();
        world.pass(1_000);
        preload(1);
        world.settle();

        assertThat(world.transport.breakAtFlush).isZero();
        assertThat(pollAll(consumer)).containsExactly("m0/0");
    }

    @Test
    void shouldSendAgainWhatAServerLostThatWasStartedAgain() throws Exception {
        session.send(RESULTS, Messages.persistent("0"), false, true).await();
        Pending first = session.send(RESULTS, Messages.persistent("1"), false, true);
        takeWithoutConfirming();
        crash();

        first.await();

        assertThat(inQueue(RESULTS)).containsExactly("0", "1");
    }

    @Test
    void shouldTellAFailureAcrossABreak() throws Exception {
        Pending refused = session.send(Address.queue("forbidden"), Messages.persistent("1"), false, true);
        takeWithoutConfirming();
        breakLink();

        assertThatThrownBy(refused::await)
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.INVALID_DESTINATION);
    }

    @Test
    void shouldResendNonPersistentMessagesToTheSameRunOnly() throws Exception {
        world.server.autoTake = false;
        Pending same = session.send(RESULTS, Messages.volatileOne("same"), false, true);
        world.settle();
        world.server.autoTake = true;
        breakLink();
        same.await();
        assertThat(inQueue(RESULTS)).containsExactly("same");
        world.server.autoTake = false;
        List<String> told = new ArrayList<>();
        session.send(RESULTS, Messages.persistent("p1"), false, true).whenDone((value, failure) -> told.add("p1"));
        session.send(RESULTS, Messages.volatileOne("other"), false, true)
                .whenDone((value, failure) -> told.add("other"));
        session.send(RESULTS, Messages.persistent("p2"), false, true).whenDone((value, failure) -> told.add("p2"));
        Pending last = session.send(RESULTS, Messages.volatileOne("last"), false, true);
        last.whenDone((value, failure) -> told.add("last"));
        world.settle();
        world.server.autoTake = true;
        crash();
        last.await();

        assertThat(inQueue(RESULTS)).containsExactly("p1", "p2");
        assertThat(told).containsExactly("p1", "other", "p2", "last");
    }

    @Test
    void shouldKeepWhatWasHandedOverAndGetTheRestAgain() throws Exception {
        preload(5);
        EngineConsumer consumer = session.attach(Source.queue(QUEUE, null));
        world.settle();
        Delivery first = consumer.poll();
        consumer.poll();
        breakLink();
        world.settle();

        assertThat(pollAll(consumer)).containsExactly("m2/0", "m3/0", "m4/0");
        session.acknowledge(first, true).await();
        session.acknowledgeAll(true).await();
        assertThat(inQueue(QUEUE)).isEmpty();
    }

    @Test
    void shouldClaimWhatWasHandedOverFromAServerThatWasStartedAgain() throws Exception {
        preload(5);
        EngineConsumer consumer = session.attach(Source.queue(QUEUE, null));
        world.settle();
        Delivery first = consumer.poll();
        consumer.poll();
        takeWithoutConfirming();
        session.acknowledge(first, false);
        world.pass(2);
        takeWithoutConfirming();
        assertThat(inQueue(QUEUE)).hasSize(4);
        crash();
        world.settle();

        assertThat(inQueue(QUEUE)).as("acknowledged again").hasSize(4);
        assertThat(pollAll(consumer)).containsExactly("m2/0", "m3/0", "m4/0");
        session.acknowledgeAll(true).await();
        assertThat(inQueue(QUEUE)).isEmpty();
    }

    @Test
    void shouldClaimForAClosedConsumer() throws Exception {
        preload(3);
        EngineConsumer consumer = session.attach(Source.queue(QUEUE, null));
        world.settle();
        Delivery first = consumer.poll();
        consumer.poll();
        consumer.close();
        crash();
        world.settle();

        assertThat(world.server.free(QUEUE)).hasSize(1);
        session.acknowledge(first, true).await();
        session.rollback().await();
        assertThat(world.server.attempts(QUEUE)).containsExactly(1, 0);
        assertThat(world.server.free(QUEUE)).hasSize(2);
    }

    @Test
    void shouldFailAnAcknowledgementWhoseDeliveryWentToSomebodyElse() throws Exception {
        preload(1);
        EngineConsumer consumer = session.attach(Source.queue(QUEUE, null));
        world.settle();
        Delivery delivery = consumer.poll();
        crash();
        world.server.steal(QUEUE);

        assertThatThrownBy(() -> session.acknowledge(delivery, true).await())
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.ILLEGAL_STATE);
    }

    @Test
    void shouldFailACommitWhoseDeliveryWentToSomebodyElse() throws Exception {
        preload(1);
        EngineConsumer consumer = session.attach(Source.queue(QUEUE, null));
        world.settle();
        consumer.poll();
        session.send(RESULTS, Messages.persistent("r"), true, true);
        crash();
        world.server.steal(QUEUE);

        assertThatThrownBy(() -> session.commit().await())
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.ROLLED_BACK);
        assertThat(inQueue(RESULTS)).isEmpty();
    }

    @Test
    void shouldLeaveAnOpenTransactionAloneOnTheSameRun() throws Exception {
        session.send(RESULTS, Messages.persistent("1"), true, true).await();
        breakLink();
        session.send(RESULTS, Messages.persistent("2"), true, true);
        session.commit().await();

        assertThat(inQueue(RESULTS)).containsExactly("1", "2");
    }

    @Test
    void shouldSendAnOpenTransactionAgainToAnotherRun() throws Exception {
        preload(2);
        EngineConsumer consumer = session.attach(Source.queue(QUEUE, null));
        world.settle();
        session.send(RESULTS, Messages.persistent("1"), true, true).await();
        session.send(RESULTS, Messages.volatileOne("2"), true, true).await();
        consumer.poll();
        crash();
        session.send(RESULTS, Messages.persistent("3"), true, true);
        crashAgainBeforeAnythingIsConfirmed();
        session.commit().await();

        assertThat(inQueue(RESULTS)).containsExactly("1", "2", "3");
        assertThat(inQueue(QUEUE)).containsExactly("m1");
    }

    @Test
    void shouldNotRepeatWhatIsNotPersistentOfATransactionWhoseCommitMayBeDone() throws Exception {
        session.send(RESULTS, Messages.persistent("1"), true, true);
        session.send(RESULTS, Messages.volatileOne("2"), true, true);
        Pending commit = session.commit();
        takeWithoutConfirming();
        assertThat(inQueue(RESULTS)).as("somebody may have had 2").containsExactly("1", "2");
        crash();
        commit.await();

        assertThat(inQueue(RESULTS)).containsExactly("1");
    }

    @Test
    void shouldCommitOverARestartWhatWasReceivedOfNonPersistentMessages() throws Exception {
        preload(1);
        world.server.preload(QUEUE, Messages.volatileOne("v1"));
        world.server.preload(QUEUE, Messages.volatileOne("v2"));
        EngineConsumer consumer = session.attach(Source.queue(QUEUE, null));
        world.settle();
        assertThat(pollAll(consumer)).hasSize(3);
        session.send(RESULTS, Messages.persistent("1"), true, true);
        Pending commit = session.commit();
        takeWithoutConfirming();
        crash();
        commit.await();

        assertThat(inQueue(RESULTS)).containsExactly("1");
        assertThat(inQueue(QUEUE)).isEmpty();
    }

    @Test
    void shouldForgetOverARestartThatItHoldsNonPersistentMessages() throws Exception {
        preload(1);
        world.server.preload(QUEUE, Messages.volatileOne("v"));
        EngineConsumer consumer = session.attach(Source.queue(QUEUE, null));
        world.settle();
        assertThat(pollAll(consumer)).hasSize(2);
        crash();
        session.acknowledgeAll(true).await();

        assertThat(inQueue(QUEUE)).isEmpty();
    }

    @Test
    void shouldNotCommitOverARestartWhatLacksAMessage() throws Exception {
        session.send(RESULTS, Messages.persistent("1"), true, true);
        Pending refused = session.send(Address.queue("forbidden"), Messages.persistent("2"), true, true);
        assertThatThrownBy(refused::await).isInstanceOf(EngineException.class);
        crash();

        assertThatThrownBy(() -> session.commit().await())
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.ROLLED_BACK);
        assertThat(inQueue(RESULTS)).isEmpty();
        session.send(RESULTS, Messages.persistent("3"), true, true);
        session.commit().await();
        assertThat(inQueue(RESULTS)).containsExactly("3");
    }

    private void crashAgainBeforeAnythingIsConfirmed() {
        world.server.autoSync = false;
        world.settle();
        crash();
    }

    @Test
    void shouldDoACommitOnceWhenItsConfirmationIsLost() throws Exception {
        session.send(RESULTS, Messages.persistent("1"), true, true);
        Pending commit = session.commit();
        world.transport.runAll();
        while (world.server.step()) {
            // the server takes all
        }
        world.server.sync(); // durable, but nothing is flushed
        crash();
        commit.await();
        session.send(RESULTS, Messages.persistent("2"), true, true);
        session.commit().await();

        assertThat(inQueue(RESULTS)).containsExactly("1", "2");
    }

    @Test
    void shouldSendAgainTheAcknowledgementsOfACommitThatWasNotDone() throws Exception {
        preload(2);
        EngineConsumer consumer = session.attach(Source.queue(QUEUE, null));
        world.settle();
        consumer.poll();
        session.send(RESULTS, Messages.persistent("1"), true, true);
        Pending commit = session.commit();
        takeWithoutConfirming();
        crash();
        commit.await();

        assertThat(inQueue(RESULTS)).containsExactly("1");
        assertThat(inQueue(QUEUE)).containsExactly("m1");
    }

    @Test
    void shouldSendABranchAgainThatIsNotPrepared() throws Exception {
        session.xaTimeout(60).await();
        session.xaStart(BRANCH, 0, null).await();
        session.send(RESULTS, Messages.persistent("1"), true, true).await();
        session.xaEnd(BRANCH, 0).await();
        crash();
        connection.prepare(BRANCH).await();
        int starts = world.server.frames(ClientFrame.XaStart.class).size();
        crash();
        connection.commit(BRANCH, false).await();

        assertThat(inQueue(RESULTS)).containsExactly("1");
        assertThat(world.server.frames(ClientFrame.XaStart.class))
                .as("a prepared branch is not sent again")
                .hasSize(starts);
        assertThat(world.server.frames(ClientFrame.XaTimeout.class)).hasSize(3);
    }

    @Test
    void shouldCreateTemporaryDestinationsAgain() throws Exception {
        Address kept = new Address(Address.Kind.TEMPORARY_QUEUE, "kept");
        Address deleted = new Address(Address.Kind.TEMPORARY_QUEUE, "deleted");
        connection.createTemporary(kept).await();
        connection.createTemporary(deleted).await();
        connection.deleteTemporary(deleted).await();
        EngineConsumer consumer = session.attach(Source.queue(kept, null));
        crash();
        session.send(kept, Messages.persistent("1"), false, true).await();
        world.settle();

        assertThat(pollAll(consumer)).containsExactly("1/0");
        assertThat(world.server.hasTemporary(deleted)).isFalse();
    }

    @Test
    void shouldMakeRoomForASubscriptionBeforeItIsUsedAgain() throws Exception {
        Source source = new Source(Address.topic("news"), Source.Mode.CONSUME, "sub", true, false, false, null);
        EngineConsumer first = session.attach(source);
        world.settle();
        world.server.autoTake = false;
        first.close();
        boolean[] broken = {false};
        world.whileWaiting = () -> {
            if (!broken[0]) {
                broken[0] = true;
                world.transport.runAll();
                world.server.autoTake = true;
                breakLink();
            }
        };

        session.attach(source);

        assertThat(broken).containsExactly(true);
        assertThat(connection.isLost()).isFalse();
    }

    @Test
    void shouldCloseAcrossABreak() throws Exception {
        preload(3);
        EngineConsumer consumer = session.attach(Source.queue(QUEUE, null));
        world.settle();
        consumer.poll();
        world.server.autoTake = false;
        boolean[] broken = {false};
        world.whileWaiting = () -> {
            if (!broken[0]) {
                broken[0] = true;
                world.transport.runAll();
                world.server.autoTake = true;
                crash();
            }
        };

        session.close();

        assertThat(world.server.attempts(QUEUE)).containsExactly(1, 0, 0);
        assertThat(world.server.free(QUEUE)).hasSize(3);
        assertThat(world.server.sessionCount()).isZero();
    }

    @Test
    void shouldRollBackAcrossABreak() throws Exception {
        preload(4);
        EngineConsumer consumer = session.attach(Source.queue(QUEUE, null));
        world.settle();
        consumer.poll();
        consumer.poll();
        world.server.autoTake = false;
        Pending rollback = session.rollback();
        world.settle();
        world.server.autoTake = true;
        breakLink();
        rollback.await();
        world.settle();

        assertThat(pollAll(consumer)).containsExactly("m0/1", "m1/1", "m2/0", "m3/0");
        world.server.autoTake = false;
        rollback = session.rollback();
        world.settle();
        world.server.autoTake = true;
        crash();
        rollback.await();
        world.settle();
        assertThat(pollAll(consumer)).containsExactly("m0/2", "m1/2", "m2/1", "m3/1");
    }

    @Test
    void shouldStopAndStartAcrossABreak() throws Exception {
        preload(3);
        EngineConsumer consumer = session.attach(Source.queue(QUEUE, null));
        world.settle();
        consumer.poll();
        world.server.autoTake = false;
        connection.stop();
        world.settle();
        world.server.autoTake = true;
        breakLink();
        world.settle();
        assertThat(world.server.free(QUEUE)).hasSize(2);
        connection.start();
        world.settle();

        assertThat(pollAll(consumer)).containsExactly("m1/0", "m2/0");
    }

    @Test
    void shouldTellThatItWasInterruptedAndGoesOn() {
        List<String> told = new ArrayList<>();
        connection.onInterruption(new InterruptionListener() {
            @Override
            public void onInterrupted(String cause) {
                told.add(cause);
            }

            @Override
            public void onResumed(String server) {
                told.add(server);
            }
        });
        breakLink();
        world.settle();

        assertThat(told).containsExactly("connection reset", "tcp://host0:7660");
    }

    @Test
    void shouldBeLostWhenAnotherServerAnswersAndSomethingIsUnderWay() throws Exception {
        List<EngineException> losses = new ArrayList<>();
        connection.onLost(losses::add);
        session.send(RESULTS, Messages.persistent("1"), true, true).await();
        breakLink();
        world.server.serverId = new UUID(8, 8);
        Pending commit = session.commit();

        assertThatThrownBy(commit::await)
                .hasMessageContaining("another server answered: its data folder is 00000000-0000-0008")
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.CONNECTION_LOST);
        assertThat(losses).hasSize(1);
    }

    @Test
    void shouldGoOnWithAnotherServerWhenNothingIsUnderWay() throws Exception {
        EngineConsumer consumer = session.attach(Source.queue(QUEUE, null));
        world.settle();
        world.transport.link.breakDown();
        world.server.serverId = new UUID(8, 8);
        world.server.run = 44;
        world.server.forgets = true;
        preload(1);
        world.settle();

        assertThat(pollAll(consumer)).containsExactly("m0/0");
        assertThat(connection.serverId()).isEqualTo(new UUID(8, 8));
        assertThat(connection.isLost()).isFalse();
    }

    @Test
    void shouldBeLostAtOnceWhenTheServerForgotIt() throws Exception {
        List<EngineException> losses = new ArrayList<>();
        connection.onLost(losses::add);
        EngineConsumer consumer = session.attach(Source.queue(QUEUE, null));
        world.server.refuse = ErrorCode.RESUME_EXPIRED;
        breakLink();
        world.settle();

        assertThat(connection.isLost()).isTrue();
        assertThat(losses)
                .singleElement()
                .satisfies(loss -> assertThat(loss.code()).isEqualTo(ErrorCode.CONNECTION_LOST))
                .satisfies(loss -> assertThat(loss).hasMessageContaining("refused by tcp://host0:7660"));
        assertThat(world.transport.released).isTrue();
        assertThatThrownBy(() -> consumer.receive(EngineConsumer.FOREVER))
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.CONNECTION_LOST);
        assertThatThrownBy(() -> session.commit().await())
                .extracting(e -> ((EngineException) e).code())
                .isEqualTo(ErrorCode.CONNECTION_LOST);
        connection.onLost(losses::add);
        assertThat(losses).as("told once").hasSize(1);
    }

    @Test
    void shouldTryAgainWhenTheServerIsStopping() {
        world.server.refuse = ErrorCode.STOPPING;
        breakLink();
        world.pass(1_000);
        assertThat(connection.isLost()).isFalse();
        world.server.refuse = null;
        world.pass(6_000);

        assertThat(world.transport.attempts.size()).isGreaterThan(3);
        assertThat(connection.serverProduct()).isEqualTo("model 1");
        assertThat(world.transport.link.closed).isFalse();
    }
}
