package io.posthorn.broker;

import static io.posthorn.broker.TestClient.branch;
import static io.posthorn.broker.TestClient.durable;
import static io.posthorn.broker.TestClient.message;
import static io.posthorn.broker.TestClient.topic;
import static io.posthorn.broker.transaction.Branches.TMFAIL;
import static io.posthorn.broker.transaction.Branches.TMJOIN;
import static io.posthorn.broker.transaction.Branches.TMNOFLAGS;
import static io.posthorn.broker.transaction.Branches.TMRESUME;
import static io.posthorn.broker.transaction.Branches.TMSUCCESS;
import static io.posthorn.broker.transaction.Branches.TMSUSPEND;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Branches of global transactions. */
class XaTest {

    private static final Address IN = Address.queue("in");
    private static final Address OUT = Address.queue("out");

    private final BrokerHarness harness = new BrokerHarness();
    private final TestClient client = harness.connected("alice");
    private final TestClient other = harness.connected("bob");

    @Test
    void shouldCommitInTwoPhases() {
        workIn(1);
        long prepare = client.xaPrepare(1);
        assertThat(client.results).containsEntry(prepare, 0L);
        other.consume(1, OUT);
        assertThat(other.take()).isEmpty();

        assertThat(client.failure(client.xaCommit(1, false))).isNull();

        assertThat(other.takeTexts()).containsExactly("result");
        harness.crash();
        assertThat(harness.connected().consume(1, IN).take()).isEmpty();
    }

    @Test
    void shouldSayNothingBeforePrepareAndCommitAreDurable() {
        workIn(1);
        other.consume(1, OUT);
        client.send(OUT, "warm up");
        other.take();
        harness.byHand();
        long prepare = client.xaPrepare(1);
        harness.write();
        assertThat(client.isConfirmed(prepare)).isFalse();
        harness.sync();
        assertThat(client.isConfirmed(prepare)).isTrue();

        long commit = client.xaCommit(1, false);
        harness.write();
        assertThat(client.isConfirmed(commit)).isFalse();
        assertThat(other.take()).isEmpty();
        harness.sync();

        assertThat(client.isConfirmed(commit)).isTrue();
        assertThat(other.takeTexts()).containsExactly("result");
    }

    @Test
    void shouldHoldBackWhatIsOnlyInMemoryUntilTheCommitIsDurable() {
        other.consume(1, topic("t"));
        client.xaStart(1, TMNOFLAGS);
        client.sendTransacted(OUT, "p");
        client.sendTransacted(Address.topic("t"), "t");
        client.xaEnd(1, TMSUCCESS);
        client.xaPrepare(1);
        harness.byHand();

        client.xaCommit(1, false);
        harness.write();
        assertThat(other.deliveries).isEmpty();
        harness.sync();

        assertThat(other.takeTexts()).containsExactly("t");
    }

    @Test
    void shouldGiveNobodyWhatAPreparedBranchHolds() {
        workIn(1);
        client.xaPrepare(1);
        client.closeSession(1);
        other.consume(1, IN);
        assertThat(other.take()).isEmpty();

        harness.crash();
        TestClient later = harness.connected().consume(1, IN);
        assertThat(later.take()).isEmpty();
        harness.restart();
        later = harness.connected().consume(1, IN);
        assertThat(later.take()).isEmpty();
        assertThat(later.xaRecover()).containsExactly(branch(1));

        later.xaRollback(1);

        assertThat(later.takeTexts()).containsExactly("work");
        assertThat(later.last().attempts()).isEqualTo(1);
        assertThat(later.last().redelivered()).isTrue();
        assertThat(later.xaRecover()).isEmpty();
    }

    @Test
    void shouldCommitAfterACrashOverAnyConnection() {
        workIn(1);
        client.xaPrepare(1);
        harness.crash();
        TestClient later = harness.connected().consume(1, OUT);
        later.send(OUT, "newer");
        assertThat(later.takeTexts()).containsExactly("newer");

        assertThat(later.failure(later.xaCommit(1, false))).isNull();

        assertThat(later.takeTexts()).containsExactly("result");
        later.acknowledge(1, later.last().entry());
        harness.crash();
        TestClient last = harness.connected().consume(1, OUT);
        assertThat(last.takeTexts()).containsExactly("newer");
        assertThat(last.consume(2, IN).take()).isEmpty();
    }

    @Test
    void shouldKeepAPreparedBranchWholeOverCheckpointsAndCrashes() {
        harness.turn(() -> harness.broker.checkpoint());
        workIn(1);
        client.xaPrepare(1);
        harness.turn(() -> harness.broker.checkpoint());
        harness.crash();
        TestClient second = harness.connected();
        assertThat(second.xaRecover()).containsExactly(branch(1));
        second.xaCommit(1, false);
        harness.crash();

        TestClient third = harness.connected().consume(1, OUT).consume(2, IN);
        assertThat(third.takeTexts()).containsExactly("result");
    }

    @Test
    void shouldAnswerARepeatedCommitWithSuccessAlsoAfterACrashAndACheckpoint() {
        workIn(1);
        client.xaPrepare(1);
        client.xaCommit(1, false);
        assertThat(client.failure(client.xaCommit(1, false))).isNull();
        harness.crash();
        TestClient second = harness.connected();
        assertThat(second.failure(second.xaCommit(1, false))).isNull();
        harness.restart();
        TestClient third = harness.connected();
        assertThat(third.failure(third.xaCommit(1, false))).isNull();
        assertThat(third.consume(1, OUT).takeTexts()).containsExactly("result");
    }

    @Test
    void shouldForgetABranchThatWasNotPreparedInACrash() {
        workIn(1);
        harness.crash();
        TestClient later = harness.connected();

        assertThat(later.xaRecover()).isEmpty();
        assertThat(later.failure(later.xaCommit(1, false))).isEqualTo(ErrorCode.XA_UNKNOWN);
        assertThat(later.failure(later.xaRollback(1))).isEqualTo(ErrorCode.XA_UNKNOWN);
        assertThat(later.consume(1, IN).takeTexts()).containsExactly("work");
        assertThat(later.consume(2, OUT).take()).isEmpty();
    }

    @Test
    void shouldBeAllOrNothingWhateverPartOfTheLogSurvives() {
        for (int survivors = 0; survivors < 5; survivors++) {
            BrokerHarness own = new BrokerHarness();
            TestClient worker = own.connected();
            worker.send(IN, "work");
            worker.consume(1, IN);
            worker.xaStart(1, TMNOFLAGS);
            worker.acknowledgeTransacted(1, worker.last().entry());
            worker.sendTransacted(OUT, "a");
            worker.sendTransacted(OUT, "b");
            worker.xaEnd(1, TMSUCCESS);
            worker.xaPrepare(1);
            own.byHand();
            worker.send(Address.queue("before"), "x");
            worker.xaCommit(1, false);
            worker.send(Address.queue("after"), "y");
            own.crashKeeping(survivors);
            own.automatic();

            TestClient later = own.connected().consume(1, IN).consume(2, OUT);
            boolean committed = later.xaRecover().isEmpty();
            assertThat(later.takeTexts()).isEqualTo(committed ? List.of("a", "b") : List.of());
            later.xaCommit(1, false);
            assertThat(later.takeTexts()).isEqualTo(committed ? List.of() : List.of("a", "b"));
        }
    }

    @Test
    void shouldRollBackAPreparedBranch() {
        workIn(1);
        client.xaPrepare(1);

        assertThat(client.failure(client.xaRollback(1))).isNull();

        other.consume(1, IN).consume(2, OUT);
        assertThat(other.takeTexts()).isEmpty();
        client.closeSession(1);
        assertThat(client.deliveries).hasSize(2);
        assertThat(client.last().attempts()).isEqualTo(1);
        assertThat(other.takeTexts()).containsExactly("work");
        assertThat(client.failure(client.xaRollback(1))).isEqualTo(ErrorCode.XA_UNKNOWN);
        assertThat(client.failure(client.xaCommit(1, false))).isEqualTo(ErrorCode.XA_UNKNOWN);
    }

    @Test
    void shouldCommitInOnePhase() {
        workIn(1);
        other.consume(1, OUT);
        harness.byHand();

        long commit = client.xaCommit(1, true);
        assertThat(client.isConfirmed(commit)).isFalse();
        assertThat(other.deliveries).isEmpty();
        harness.sync();

        assertThat(client.failure(commit)).isNull();
        assertThat(other.takeTexts()).containsExactly("result");
        harness.automatic();
        assertThat(client.failure(client.xaCommit(1, true))).isEqualTo(ErrorCode.XA_UNKNOWN);
    }

    @Test
    void shouldPrepareABranchWithoutWorkAsReadOnly() {
        client.xaStart(1, TMNOFLAGS);
        client.xaEnd(1, TMSUCCESS);

        long prepare = client.xaPrepare(1);

        assertThat(client.results).containsEntry(prepare, 3L);
        assertThat(client.failure(client.xaCommit(1, false))).isEqualTo(ErrorCode.XA_UNKNOWN);
        assertThat(client.xaRecover()).isEmpty();
    }

    @Test
    void shouldCarryWhatIsNotInTheLogThroughBothPhases() {
        other.consume(1, topic("t")).consume(2, OUT);
        client.send(IN, message("volatile").persistent(false));
        client.consume(1, IN);
        client.xaStart(1, TMNOFLAGS);
        client.acknowledgeTransacted(1, client.last().entry());
        client.send(1, true, OUT, message("n").persistent(false));
        client.sendTransacted(OUT, "p");
        client.sendTransacted(Address.topic("t"), "t");
        client.xaEnd(1, TMSUCCESS);
        client.xaPrepare(1);
        assertThat(other.take()).isEmpty();

        client.xaCommit(1, false);

        assertThat(other.takeTexts()).containsExactlyInAnyOrder("n", "p", "t");
        client.release(1);
        client.credit(1, 10);
        assertThat(client.textsOf(1)).containsExactly("volatile");
    }

    @Test
    void shouldReturnWhatIsNotInTheLogWhenAPreparedBranchIsRolledBack() {
        client.send(IN, message("volatile").persistent(false));
        client.consume(1, IN);
        client.xaStart(1, TMNOFLAGS);
        client.acknowledgeTransacted(1, client.last().entry());
        client.xaEnd(1, TMSUCCESS);
        client.xaPrepare(1);
        assertThat(client.xaRecover()).containsExactly(branch(1));

        client.xaRollback(1);

        assertThat(client.textsOf(1)).containsExactly("volatile", "volatile");
        assertThat(client.last().attempts()).isEqualTo(1);
    }

    @Test
    void shouldKeepAPreparedBranchOfVolatileWorkOverACrash() {
        client.xaStart(1, TMNOFLAGS);
        client.send(1, true, OUT, message("n").persistent(false));
        client.xaEnd(1, TMSUCCESS);
        client.xaPrepare(1);
        harness.crash();

        TestClient later = harness.connected();
        assertThat(later.xaRecover()).containsExactly(branch(1));
        assertThat(later.failure(later.xaCommit(1, false))).isNull();
    }

    @Test
    void shouldDeliverToADurableSubscriptionThatExistedWhenItWasPrepared() {
        client.attach(1, 1, durable("t", "s"));
        client.xaStart(1, TMNOFLAGS);
        client.sendTransacted(Address.topic("t"), "a");
        client.xaEnd(1, TMSUCCESS);
        client.xaPrepare(1);
        harness.crash();
        TestClient later = harness.connected("alice");
        later.xaCommit(1, false);
        harness.crash();

        assertThat(harness.connected("alice").consume(1, durable("t", "s")).takeTexts())
                .containsExactly("a");
    }

    @Test
    void shouldCommitAlthoughASubscriptionIsGone() {
        client.attach(1, 1, durable("t", "s"));
        client.attach(1, 2, durable("t", "s2"));
        client.detach(1);
        client.xaStart(1, TMNOFLAGS);
        client.sendTransacted(Address.topic("t"), "a");
        client.xaEnd(1, TMSUCCESS);
        client.xaPrepare(1);
        client.unsubscribe("s");
        harness.turn(() -> harness.broker.checkpoint());
        harness.crash();
        TestClient later = harness.connected("alice");

        assertThat(later.failure(later.xaCommit(1, false))).isNull();
        assertThat(later.consume(1, durable("t", "s2")).takeTexts()).containsExactly("a");
        harness.crash();
        assertThat(harness.connected("alice").consume(1, durable("t", "s2")).takeTexts())
                .containsExactly("a");
    }

    // ---- the state table

    @Test
    void shouldJoinSuspendAndResume() {
        client.openSession(2);
        client.xaStart(1, 1, TMNOFLAGS);
        client.send(1, true, OUT, message("a"));
        client.xaStart(2, 1, TMJOIN);
        client.send(2, true, OUT, message("b"));
        client.xaEnd(2, 1, TMSUCCESS);
        assertThat(client.failure(client.xaPrepare(1))).isEqualTo(ErrorCode.XA_PROTOCOL);
        client.xaEnd(1, 1, TMSUSPEND);
        client.send(1, true, OUT, message("local"));
        client.rollback(1);
        assertThat(client.failure(client.xaStart(1, 1, TMRESUME))).isNull();
        client.send(1, true, OUT, message("c"));
        client.xaEnd(1, 1, TMSUCCESS);

        client.xaCommit(1, true);

        assertThat(other.consume(1, OUT).takeTexts()).containsExactly("a", "b", "c");
    }

    @Test
    void shouldRefuseWhatTheStateTableDoesNotAllow() {
        client.openSession(2);
        assertThat(client.failure(client.xaStart(1, TMJOIN))).isEqualTo(ErrorCode.XA_UNKNOWN);
        assertThat(client.failure(client.xaStart(1, 7))).isEqualTo(ErrorCode.XA_INVALID);
        assertThat(client.failure(client.xaPrepare(1))).isEqualTo(ErrorCode.XA_UNKNOWN);
        assertThat(client.failure(client.xaCommit(1, false))).isEqualTo(ErrorCode.XA_UNKNOWN);
        assertThat(client.failure(client.xaForget(1))).isEqualTo(ErrorCode.XA_UNKNOWN);
        assertThat(client.failure(client.xaEnd(1, TMSUCCESS))).isEqualTo(ErrorCode.XA_UNKNOWN);

        client.xaStart(1, TMNOFLAGS);
        assertThat(client.failure(client.xaStart(2, 1, TMNOFLAGS))).isEqualTo(ErrorCode.XA_DUPLICATE);
        assertThat(client.failure(client.xaStart(1, 2, TMNOFLAGS))).isEqualTo(ErrorCode.XA_PROTOCOL);
        assertThat(client.failure(client.xaEnd(2, 1, TMSUCCESS))).isEqualTo(ErrorCode.XA_PROTOCOL);
        assertThat(client.failure(client.xaEnd(1, 5))).isEqualTo(ErrorCode.XA_INVALID);
        assertThat(client.failure(client.xaRollback(1))).isEqualTo(ErrorCode.XA_PROTOCOL);
        assertThat(client.failure(client.xaCommit(1, true))).isEqualTo(ErrorCode.XA_PROTOCOL);
        client.sendTransacted(OUT, "a");

        assertThat(client.failure(client.xaEnd(1, TMSUCCESS))).isNull();
        assertThat(client.failure(client.xaCommit(1, false))).isEqualTo(ErrorCode.XA_PROTOCOL);
        client.xaPrepare(1);
        assertThat(client.failure(client.xaStart(1, TMNOFLAGS))).isEqualTo(ErrorCode.XA_DUPLICATE);
        assertThat(client.failure(client.xaStart(1, TMJOIN))).isEqualTo(ErrorCode.XA_PROTOCOL);
        assertThat(client.failure(client.xaPrepare(1))).isEqualTo(ErrorCode.XA_PROTOCOL);
        assertThat(client.failure(client.xaCommit(1, true))).isEqualTo(ErrorCode.XA_PROTOCOL);
        assertThat(client.failure(client.xaForget(1))).isEqualTo(ErrorCode.XA_PROTOCOL);
        assertThat(client.failure(client.xaCommit(1, false))).isNull();
    }

    @Test
    void shouldRollBackWhatEndedInFailure() {
        client.send(IN, "work");
        client.consume(1, IN);
        client.xaStart(1, TMNOFLAGS);
        client.acknowledgeTransacted(1, client.last().entry());
        client.xaEnd(1, TMFAIL);

        assertThat(client.failure(client.xaPrepare(1))).isEqualTo(ErrorCode.XA_ROLLED_BACK);

        assertThat(client.textsOf(1)).containsExactly("work", "work");
        assertThat(client.failure(client.xaRollback(1))).isEqualTo(ErrorCode.XA_UNKNOWN);

        client.xaStart(2, TMNOFLAGS);
        client.xaEnd(2, TMFAIL);
        assertThat(client.failure(client.xaCommit(2, true))).isEqualTo(ErrorCode.XA_ROLLED_BACK);
        client.xaStart(3, TMNOFLAGS);
        client.xaEnd(3, TMFAIL);
        assertThat(client.failure(client.xaRollback(3))).isNull();
    }

    @Test
    void shouldRollBackWhatTookTooLongAndSaySo() {
        client.xaTimeout(10);
        workIn(1);
        assertThat(harness.broker.nextDeadlineMs()).isEqualTo(harness.nowMs + 10_000);

        harness.sleep(10_000);

        // What is left to do is to forget the branch, should nobody ask for it.
        assertThat(harness.broker.nextDeadlineMs()).isEqualTo(harness.nowMs + 600_000);
        assertThat(client.textsOf(1)).containsExactly("work", "work");
        assertThat(client.failure(client.xaStart(1, TMJOIN))).isEqualTo(ErrorCode.XA_TIMED_OUT);
        assertThat(client.failure(client.xaPrepare(1))).isEqualTo(ErrorCode.XA_TIMED_OUT);
        assertThat(client.failure(client.xaRollback(1))).isEqualTo(ErrorCode.XA_UNKNOWN);
    }

    @Test
    void shouldLoseNothingThatIsAcknowledgedInABranchAfterItTimedOut() {
        client.xaTimeout(10);
        client.send(IN, "work");
        client.consume(1, IN);
        client.xaStart(1, TMNOFLAGS);
        harness.sleep(10_000);
        client.acknowledgeTransacted(1, client.last().entry());
        client.sendTransacted(OUT, "never");

        assertThat(client.failure(client.xaEnd(1, TMSUCCESS))).isEqualTo(ErrorCode.XA_TIMED_OUT);
        assertThat(client.failure(client.xaRollback(1))).isNull();

        assertThat(client.textsOf(1)).containsExactly("work", "work");
        assertThat(other.consume(1, OUT).take()).isEmpty();
        assertThat(client.failure(client.xaStart(2, TMNOFLAGS))).isNull();
    }

    @Test
    void shouldNotTimeOutWhatIsPrepared() {
        client.xaTimeout(10);
        workIn(1);
        client.xaPrepare(1);

        harness.sleep(100_000);

        assertThat(client.failure(client.xaCommit(1, false))).isNull();
    }

    @Test
    void shouldTakeTheDefaultTimeoutAgainForZeroAndRefuseWildOnes() {
        client.xaTimeout(10);
        client.xaTimeout(0);
        assertThat(client.failure(client.xaTimeout(-1))).isEqualTo(ErrorCode.XA_INVALID);
        assertThat(client.failure(client.xaTimeout(Long.MAX_VALUE))).isEqualTo(ErrorCode.XA_INVALID);
        workIn(1);

        assertThat(harness.broker.nextDeadlineMs()).isEqualTo(harness.nowMs + 300_000);
    }

    @Test
    void shouldRollBackUnpreparedBranchesOfAConnectionThatIsOver() {
        workIn(1);
        client.disconnect();
        other.consume(1, IN);
        harness.sleep(29_999);
        assertThat(other.take()).isEmpty();

        harness.sleep(1);

        assertThat(other.takeTexts()).containsExactly("work");
        assertThat(other.last().attempts()).isEqualTo(1);
        assertThat(other.failure(other.xaPrepare(1))).isEqualTo(ErrorCode.XA_UNKNOWN);
    }

    @Test
    void shouldKeepPreparedBranchesOfAConnectionThatIsOver() {
        workIn(1);
        client.xaPrepare(1);
        client.close();
        other.consume(1, IN).consume(2, OUT);
        assertThat(other.take()).isEmpty();

        other.xaCommit(1, false);

        assertThat(other.takeTexts()).containsExactly("result");
    }

    @Test
    void shouldRollBackABranchThatAConnectionLeftInTheMiddle() {
        other.send(IN, "work");
        other.consume(1, IN);
        client.xaStart(1, TMNOFLAGS);
        other.xaStart(1, TMJOIN);
        client.close();
        other.acknowledgeTransacted(1, other.last().entry());

        other.xaEnd(1, TMSUCCESS);

        assertThat(other.failure(other.xaPrepare(1))).isEqualTo(ErrorCode.XA_ROLLED_BACK);
        assertThat(other.textsOf(1)).containsExactly("work", "work");
    }

    @Test
    void shouldRollBackABranchWhoseSessionIsClosedInTheMiddle() {
        client.openSession(2);
        client.xaStart(2, 1, TMNOFLAGS);
        client.send(2, true, OUT, message("a"));
        client.closeSession(2);

        assertThat(client.failure(client.xaCommit(1, true))).isEqualTo(ErrorCode.XA_ROLLED_BACK);

        assertThat(other.consume(1, OUT).takeTexts()).isEmpty();
    }

    @Test
    void shouldRememberPreparedResultsForAClientThatComesBack() {
        workIn(1);
        harness.byHand();
        long prepare = client.xaPrepare(1);
        client.disconnect();
        client.results.clear();
        harness.automatic();

        client.reconnect();

        assertThat(client.greeting.lastCommand()).isEqualTo(prepare);
        assertThat(client.results).containsEntry(prepare, 0L);
        assertThat(client.isConfirmed(prepare)).isTrue();
    }

    @Test
    void shouldPutCommittedMessagesBehindThoseThatCameInTheMeantime() {
        workIn(1);
        client.xaPrepare(1);
        client.send(OUT, "meanwhile");

        client.xaCommit(1, false);

        List<ServerFrame.Deliver> all = other.consume(1, OUT).take();
        assertThat(all.stream().map(TestClient::text)).containsExactly("meanwhile", "result");
    }

    /** A branch, ended, that has consumed "work" from one queue and sent "result" to the other. */
    private void workIn(int branch) {
        client.send(IN, "work");
        client.consume(1, IN);
        client.xaStart(branch, TMNOFLAGS);
        client.acknowledgeTransacted(1, client.last().entry());
        client.sendTransacted(OUT, "result");
        client.xaEnd(branch, TMSUCCESS);
    }
}
