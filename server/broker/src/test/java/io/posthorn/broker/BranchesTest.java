package io.posthorn.broker;

import static io.posthorn.broker.transaction.Branches.TMFAIL;
import static io.posthorn.broker.transaction.Branches.TMJOIN;
import static io.posthorn.broker.transaction.Branches.TMNOFLAGS;
import static io.posthorn.broker.transaction.Branches.TMRESUME;
import static io.posthorn.broker.transaction.Branches.TMSUCCESS;
import static io.posthorn.broker.transaction.Branches.TMSUSPEND;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.broker.BrokerSettings.DestinationSettings;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Branches of global transactions: what they do to messages, what survives, and what is said when something is wrong. */
class BranchesTest {

    private static final Address QUEUE = Address.queue("q");
    private static final int MANY = 20_000;

    private final BrokerHarness harness = new BrokerHarness();
    private final TestClient client = harness.connected();

    /** Consumes one message in a branch, and leaves the branch idle. */
    private void consumeInBranch(int branch) {
        client.send(QUEUE, "in");
        client.xaStart(branch, TMNOFLAGS);
        client.consume(1, QUEUE);
        client.acknowledgeTransacted(1, client.last().entry());
        client.xaEnd(branch, TMSUCCESS);
    }

    private void prepareWithSend(int branch) {
        client.xaStart(branch, TMNOFLAGS);
        client.sendTransacted(QUEUE, "out " + branch);
        client.xaEnd(branch, TMSUCCESS);
        assertThat(client.failure(client.xaPrepare(branch))).isNull();
    }

    /** A client that comes new after a crash. */
    private TestClient newcomer() {
        return harness.connected();
    }

    @Test
    void shouldListMoreBranchesThanOneFrameHolds() {
        List<BranchId> prepared = new ArrayList<>();
        for (int number = 0; number < MANY; number++) {
            BranchId branch = new BranchId(
                    Integer.MAX_VALUE,
                    ByteBuffer.allocate(64).putInt(number).array(),
                    ByteBuffer.allocate(64).putInt(~number).array());
            prepared.add(branch);
            client.frame(new ClientFrame.XaStart(client.nextCommand(), 1, branch, TMNOFLAGS));
            client.sendTransacted(QUEUE, "out");
            client.frame(new ClientFrame.XaEnd(client.nextCommand(), 1, branch, TMSUCCESS));
            client.frame(new ClientFrame.XaPrepare(client.nextCommand(), branch));
        }
        harness.crash();

        List<ServerFrame.XaBranches> answer = newcomer().xaRecoverFrames();

        assertThat(answer.stream().flatMap(frame -> frame.branches().stream()).toList())
                .isEqualTo(prepared);
        assertThat(answer.stream().map(ServerFrame.XaBranches::last).toList())
                .containsExactly(false, false, false, false, true);
    }

    @Test
    void shouldAnswerWithOneFrameWhenNothingIsPrepared() {
        List<ServerFrame.XaBranches> answer = client.xaRecoverFrames();

        assertThat(answer).hasSize(1);
        assertThat(answer.get(0).last()).isTrue();
        assertThat(answer.get(0).branches()).isEmpty();
    }

    @Test
    void shouldKeepAPreparedBranchOverCrashesAndStopsUntilItIsCommitted() {
        consumeInBranch(1);
        client.detach(1);
        client.xaPrepare(1);
        prepareWithSend(2);
        harness.crash();
        harness.restart();
        harness.kill();

        TestClient other = newcomer();
        other.consume(1, QUEUE);
        assertThat(other.xaRecover()).containsExactly(TestClient.branch(1), TestClient.branch(2));
        assertThat(other.takeTexts()).isEmpty();
        other.xaCommit(2, false);
        assertThat(other.takeTexts()).containsExactly("out 2");
        other.xaRollback(1);
        assertThat(other.takeTexts()).containsExactly("in");
        assertThat(other.last().redelivered()).isTrue();
        assertThat(other.last().attempts()).isPositive();
        assertThat(other.xaRecover()).isEmpty();
    }

    @Test
    void shouldKeepAPreparedBranchThatHoldsNothingDurable() {
        client.xaStart(1, TMNOFLAGS);
        client.send(1, true, QUEUE, TestClient.message("volatile").persistent(false));
        client.xaEnd(1, TMSUCCESS);
        client.xaPrepare(1);
        harness.crash();

        TestClient other = newcomer();
        assertThat(other.xaRecover()).containsExactly(TestClient.branch(1));
        assertThat(other.failure(other.xaCommit(1, false))).isNull();
    }

    @Test
    void shouldConfirmARepeatedCommitOnlyWhenTheCommitIsDurable() {
        prepareWithSend(1);
        TestClient other = harness.connected();
        harness.byHand();

        long first = client.xaCommit(1, false);
        long second = other.xaCommit(1, false);
        assertThat(client.isConfirmed(first)).isFalse();
        assertThat(other.isConfirmed(second)).isFalse();

        harness.sync();
        assertThat(client.isConfirmed(first)).isTrue();
        assertThat(other.isConfirmed(second)).isTrue();
        assertThat(other.failure(second)).isNull();
    }

    @Test
    void shouldCommitAgainWithSuccessAfterACrashAndNotTakeTheSameBranchTwice() {
        prepareWithSend(1);
        client.xaCommit(1, false);
        harness.crash();

        TestClient other = newcomer();
        assertThat(other.failure(other.xaCommit(1, false))).isNull();
        assertThat(other.failure(other.xaRollback(1))).isEqualTo(ErrorCode.XA_UNKNOWN);
        assertThat(other.failure(other.xaStart(1, TMNOFLAGS))).isEqualTo(ErrorCode.XA_DUPLICATE);
    }

    @Test
    void shouldGiveBackWhatWasAcknowledgedInABranchThatHasTimedOut() {
        client.send(QUEUE, "in");
        client.xaTimeout(5);
        client.xaStart(1, TMNOFLAGS);
        client.consume(1, QUEUE);
        long entry = client.last().entry();
        harness.sleep(6_000);

        client.acknowledgeTransacted(1, entry);
        assertThat(client.failure(client.xaEnd(1, TMSUCCESS))).isEqualTo(ErrorCode.XA_TIMED_OUT);

        assertThat(client.last().entry()).isEqualTo(entry);
        assertThat(client.last().redelivered()).isTrue();
        assertThat(client.deliveries).hasSize(2);
        assertThat(client.failure(client.xaRollback(1))).isNull();
        assertThat(client.failure(client.xaRollback(1))).isEqualTo(ErrorCode.XA_UNKNOWN);
        assertThat(client.deliveries).hasSize(2);
    }

    @Test
    void shouldNotRollBackTwiceWhenAConnectionWithATimedOutBranchGoes() {
        client.xaTimeout(5);
        consumeInBranch(1);
        client.detach(1);
        harness.sleep(6_000);
        TestClient other = harness.connected();
        other.consume(1, QUEUE);
        assertThat(other.takeTexts()).containsExactly("in");

        client.close();

        TestClient third = harness.connected();
        third.consume(1, QUEUE);
        assertThat(third.deliveries).isEmpty();
    }

    @Test
    void shouldForgetATimedOutBranchThatNobodyAsksFor() {
        client.xaTimeout(5);
        consumeInBranch(1);
        harness.sleep(6_000);
        assertThat(client.failure(client.xaStart(1, TMJOIN))).isEqualTo(ErrorCode.XA_TIMED_OUT);
        harness.sleep(700_000);

        assertThat(client.failure(client.xaRollback(1))).isEqualTo(ErrorCode.XA_UNKNOWN);
        assertThat(client.failure(client.xaStart(1, TMNOFLAGS))).isNull();
    }

    @Test
    void shouldNotTimeOutAPreparedBranch() {
        client.xaTimeout(5);
        prepareWithSend(1);
        harness.sleep(1_000_000);

        assertThat(client.xaRecover()).containsExactly(TestClient.branch(1));
        assertThat(client.failure(client.xaCommit(1, false))).isNull();
    }

    @Test
    void shouldWantSuspendedWorkResumedOrEndedBeforePrepare() {
        client.xaStart(1, TMNOFLAGS);
        client.sendTransacted(QUEUE, "a");
        client.xaEnd(1, TMSUSPEND);
        assertThat(client.failure(client.xaEnd(1, TMSUSPEND))).isEqualTo(ErrorCode.XA_PROTOCOL);
        assertThat(client.failure(client.xaStart(1, TMJOIN))).isEqualTo(ErrorCode.XA_PROTOCOL);
        assertThat(client.failure(client.xaPrepare(1))).isEqualTo(ErrorCode.XA_PROTOCOL);
        assertThat(client.failure(client.xaCommit(1, true))).isEqualTo(ErrorCode.XA_PROTOCOL);

        assertThat(client.failure(client.xaStart(2, TMNOFLAGS))).isNull();
        client.sendTransacted(QUEUE, "b");
        assertThat(client.failure(client.xaEnd(1, TMSUCCESS))).isNull();
        client.sendTransacted(QUEUE, "c");
        client.xaEnd(2, TMSUCCESS);
        assertThat(client.failure(client.xaEnd(1, TMSUCCESS))).isEqualTo(ErrorCode.XA_PROTOCOL);
        assertThat(client.failure(client.xaStart(1, TMRESUME))).isEqualTo(ErrorCode.XA_PROTOCOL);
        client.xaCommit(2, true);
        client.xaPrepare(1);
        client.xaCommit(1, false);

        client.consume(1, QUEUE);
        assertThat(client.takeTexts()).containsExactly("b", "c", "a");
    }

    @Test
    void shouldRollBackABranchWithSuspendedWork() {
        client.xaStart(1, TMNOFLAGS);
        client.sendTransacted(QUEUE, "a");
        client.xaEnd(1, TMSUSPEND);

        assertThat(client.failure(client.xaRollback(1))).isNull();
        assertThat(client.failure(client.xaStart(1, TMRESUME))).isEqualTo(ErrorCode.XA_UNKNOWN);
    }

    @Test
    void shouldNotLetABranchBeJoinedThatCanOnlyBeRolledBack() {
        client.openSession(2);
        client.xaStart(1, TMNOFLAGS);
        client.xaEnd(1, TMFAIL);

        assertThat(client.failure(client.xaStart(2, 1, TMJOIN))).isEqualTo(ErrorCode.XA_ROLLED_BACK);
        assertThat(client.failure(client.xaCommit(1, false))).isEqualTo(ErrorCode.XA_PROTOCOL);
        assertThat(client.failure(client.xaPrepare(1))).isEqualTo(ErrorCode.XA_ROLLED_BACK);
        assertThat(client.failure(client.xaPrepare(1))).isEqualTo(ErrorCode.XA_UNKNOWN);
    }

    @Test
    void shouldRollBackWhenASessionIsClosedWhileItWorksInABranch() {
        client.send(QUEUE, "in");
        client.xaStart(1, TMNOFLAGS);
        client.sendTransacted(Address.queue("other"), "out");
        client.consume(1, QUEUE);
        client.closeSession(
                1, new ClientFrame.Handed(1, TestClient.ranges(client.last().entry())));

        assertThat(client.failure(client.xaPrepare(1))).isEqualTo(ErrorCode.XA_ROLLED_BACK);
        TestClient other = harness.connected();
        other.consume(1, QUEUE);
        assertThat(other.takeTexts()).containsExactly("in");
        assertThat(other.last().redelivered()).isTrue();
    }

    @Test
    void shouldKeepABranchThatAnotherConnectionWorksInWhenTheFirstOneIsClosed() {
        TestClient other = harness.connected();
        client.xaStart(1, TMNOFLAGS);
        client.sendTransacted(QUEUE, "first");
        client.xaEnd(1, TMSUCCESS);
        other.xaStart(1, TMJOIN);
        other.sendTransacted(QUEUE, "second");
        client.close();
        other.xaEnd(1, TMSUCCESS);

        assertThat(other.failure(other.xaPrepare(1))).isNull();
        assertThat(other.failure(other.xaCommit(1, false))).isNull();
        other.consume(1, QUEUE);
        assertThat(other.takeTexts()).containsExactly("first", "second");
    }

    @Test
    void shouldUndoWhatIsDoneForABranchThatCouldNotBeStarted() {
        harness.destinationSettings.put(QUEUE.name(), new DestinationSettings(true, 10, "dead")); // no delays
        client.send(QUEUE, "in");
        client.consume(1, QUEUE);
        assertThat(client.failure(client.xaStart(1, TMJOIN))).isEqualTo(ErrorCode.XA_UNKNOWN);
        client.sendTransacted(QUEUE, "never");
        client.acknowledgeTransacted(1, client.last().entry());
        assertThat(client.failure(client.xaEnd(1, TMSUCCESS))).isEqualTo(ErrorCode.XA_UNKNOWN);

        assertThat(client.takeTexts()).containsExactly("in", "in");
        assertThat(client.last().redelivered()).isTrue();
        assertThat(client.failure(client.xaStart(1, TMJOIN))).isEqualTo(ErrorCode.XA_UNKNOWN);
        client.acknowledgeTransacted(1, client.last().entry());
        assertThat(client.failure(client.xaStart(2, TMNOFLAGS))).isNull();
        assertThat(client.takeTexts()).containsExactly("in");
    }

    @Test
    void shouldRollBackTheBranchesOfAConnectionThatDoesNotComeBack() {
        consumeInBranch(1);
        client.xaStart(2, TMNOFLAGS);
        client.disconnect();
        harness.sleep(31_000);

        TestClient other = harness.connected();
        other.consume(1, QUEUE);
        assertThat(other.takeTexts()).containsExactly("in");
        assertThat(other.failure(other.xaPrepare(1))).isEqualTo(ErrorCode.XA_UNKNOWN);
        assertThat(other.failure(other.xaPrepare(2))).isEqualTo(ErrorCode.XA_UNKNOWN);
    }
}
