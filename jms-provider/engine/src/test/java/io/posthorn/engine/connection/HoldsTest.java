package io.posthorn.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.EngineSession;
import io.posthorn.engine.model.Messages;
import io.posthorn.engine.model.World;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the server refuses for now is kept, in order, and sent again when there is room, until patience is at its end. */
class HoldsTest {

    private static final Address QUEUE = Address.queue("orders");
    private static final Address OTHER = Address.queue("other");

    private final World world = new World(1);
    private final List<String> told = new ArrayList<>();
    private ResumingConnection connection;
    private ResumingSession session;

    @BeforeEach
    void connect() throws Exception {
        connection = world.connect();
        session = (ResumingSession) connection.openSession();
        world.settle();
        world.server.messagesMax = 1;
    }

    /** Without waiting, as a listener's callback on the event loop would send, and as what is under way already. */
    private void send(Address to, String... texts) {
        world.transport.execute(() -> {
            for (String text : texts) {
                try {
                    session.send(to, Messages.persistent(text), false, true)
                            .whenDone((value, failure) ->
                                    told.add(text + " " + (failure == null ? "ok" : failure.code())));
                } catch (EngineException e) {
                    told.add(text + " " + e.code());
                }
            }
        });
    }

    private void makeRoom(int messagesMax) {
        world.server.messagesMax = messagesMax;
        world.server.say(new ServerFrame.Unblocked(session.id()));
        world.settle();
    }

    private List<String> contents(Address of) {
        return Messages.texts(world.server.contents(of));
    }

    @Test
    void shouldSendAgainInOrderWhenThereIsRoom() {
        send(QUEUE, "1", "2", "3");
        world.settle();
        send(OTHER, "4");
        world.settle();
        assertThat(told).containsExactly("1 ok");
        assertThat(contents(OTHER)).isEmpty();

        makeRoom(2);
        assertThat(told).containsExactly("1 ok", "2 ok");
        makeRoom(10);
        assertThat(told).containsExactly("1 ok", "2 ok", "3 ok", "4 ok");
        assertThat(contents(QUEUE)).containsExactly("1", "2", "3");
        assertThat(contents(OTHER)).containsExactly("4");
    }

    @Test
    void shouldHoldNothingOfOtherSessions() throws Exception {
        send(QUEUE, "1", "2");
        world.settle();
        EngineSession another = connection.openSession();
        another.send(OTHER, Messages.persistent("beside"), false, true).await();
        assertThat(contents(OTHER)).containsExactly("beside");
        assertThat(told).containsExactly("1 ok");
    }

    @Test
    void shouldTryAgainByItselfNowAndThen() {
        send(QUEUE, "1", "2");
        world.settle();
        world.server.messagesMax = 10;
        world.pass(6_000);
        assertThat(told).containsExactly("1 ok", "2 ok");
    }

    @Test
    void shouldGiveUpAfterTheRequestTimeoutAndSayWhy() throws Exception {
        send(QUEUE, "1");
        world.settle();
        assertThatThrownBy(() -> session.send(QUEUE, Messages.persistent("2"), false, true)
                        .await())
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RESOURCE_LIMIT))
                .hasMessageContaining("queue 'orders' is full")
                .hasMessageContaining("requestTimeout");
        world.server.messagesMax = 10;
        world.pass(60_000);
        assertThat(contents(QUEUE)).containsExactly("1");
        session.send(QUEUE, Messages.persistent("3"), false, true).await();
        assertThat(contents(QUEUE)).containsExactly("1", "3");
    }

    @Test
    void shouldLetSendersOfAHeldSessionWait() throws Exception {
        send(QUEUE, "1", "2");
        world.settle();
        world.whileWaiting = () -> {
            world.server.messagesMax = 10;
            world.server.say(new ServerFrame.Unblocked(session.id()));
            world.whileWaiting = () -> {};
        };
        session.send(OTHER, Messages.persistent("3"), false, true).await();
        assertThat(contents(QUEUE)).containsExactly("1", "2");
        assertThat(told).containsExactly("1 ok", "2 ok");
    }

    @Test
    void shouldKeepTheOrderOverABreak() {
        send(QUEUE, "1", "2", "3");
        world.settle();
        world.transport.link.breakDown();
        send(QUEUE, "4");
        world.server.messagesMax = 10;
        world.pass(10_000);
        assertThat(told).containsExactly("1 ok", "2 ok", "3 ok", "4 ok");
        assertThat(contents(QUEUE)).containsExactly("1", "2", "3", "4");
    }

    @Test
    void shouldKeepTheOrderOverTheEndOfTheServer() {
        send(QUEUE, "1", "2", "3");
        world.settle();
        world.server.crash();
        world.transport.link.breakDown();
        world.server.messagesMax = 10;
        world.pass(10_000);
        assertThat(told).containsExactly("1 ok", "2 ok", "3 ok");
        assertThat(contents(QUEUE)).containsExactly("1", "2", "3");
    }

    @Test
    void shouldTryAgainAtOnceWhatWasRefusedOnALinkThatBroke() {
        send(QUEUE, "1", "2");
        world.transport.runAll();
        while (world.server.frames(ClientFrame.Send.class).size() < 2) {
            assertThat(world.server.step()).isTrue();
        }
        world.transport.link.breakDown(); // the second one was refused, and nobody has heard of it
        world.server.messagesMax = 10;
        world.pass(1_000);
        assertThat(told).containsExactly("1 ok", "2 ok");
    }

    @Test
    void shouldLetACommitWaitAndRollBackInVain() throws Exception {
        send(QUEUE, "1");
        world.settle();
        session.send(QUEUE, Messages.persistent("2"), true, true);
        world.whileWaiting = () -> {
            world.server.messagesMax = 2;
            world.server.say(new ServerFrame.Unblocked(session.id()));
            world.whileWaiting = () -> {};
        };
        session.commit().await();
        assertThat(contents(QUEUE)).containsExactly("1", "2");

        session.send(QUEUE, Messages.persistent("3"), true, true);
        assertThatThrownBy(() -> session.commit().await())
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ROLLED_BACK))
                .hasMessageContaining("is full");
        session.rollback().await();
        world.server.messagesMax = 10;
        session.commit().await();
        assertThat(contents(QUEUE)).containsExactly("1", "2");
    }

    @Test
    void shouldTellWhatWaitsThatItsSessionIsClosed() {
        send(QUEUE, "1", "2");
        world.settle();
        session.close();
        assertThat(told).containsExactly("1 ok", "2 CLOSED");
        assertThat(world.server.frames(ClientFrame.Send.class)).hasSize(2);
    }

    @Test
    void shouldTellWhatWaitsThatTheConnectionIsOver() {
        send(QUEUE, "1", "2");
        world.settle();
        connection.close();
        assertThat(told).containsExactly("1 ok", "2 CLOSED");
    }
}
