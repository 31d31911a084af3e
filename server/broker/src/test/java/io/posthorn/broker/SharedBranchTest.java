package io.posthorn.broker;

import static io.posthorn.broker.transaction.Branches.TMJOIN;
import static io.posthorn.broker.transaction.Branches.TMNOFLAGS;
import static io.posthorn.broker.transaction.Branches.TMRESUME;
import static io.posthorn.broker.transaction.Branches.TMSUCCESS;
import static io.posthorn.broker.transaction.Branches.TMSUSPEND;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.ServerFrame;
import io.posthorn.wire.frame.Source;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Branches that several connections work in, over a restart: each brings its part again, and nothing is decided without one
 * of them.
 */
class SharedBranchTest {

    private static final Address OUT = Address.queue("out");

    private final BrokerHarness harness = new BrokerHarness();
    private final TestClient first = harness.connected();
    private final TestClient second = harness.connected();

    @BeforeEach
    void work() {
        part(first, TMNOFLAGS, "one");
        part(second, TMJOIN, "two");
    }

    private static void part(TestClient client, int flags, String text) {
        assertThat(client.failure(client.xaStart(1, flags))).isNull();
        client.sendTransacted(OUT, text);
        assertThat(client.failure(client.xaEnd(1, TMSUCCESS))).isNull();
    }

    private static TestClient back(TestClient client) {
        client.reconnect().openSession(1);
        return client;
    }

    private Iterable<String> delivered() {
        return harness.connected().consume(1, OUT).takeTexts();
    }

    @Test
    void shouldDecideWithoutARestartAsAnyOther() {
        assertThat(first.failure(first.xaPrepare(1))).isNull();
        assertThat(second.failure(second.xaCommit(1, false))).isNull();

        assertThat(delivered()).containsExactly("one", "two");
    }

    @Test
    void shouldNotPrepareWithoutThePartOfAConnectionThatHasNotComeBack() {
        harness.crash();
        part(back(first), TMNOFLAGS, "one");

        assertThat(first.failure(first.xaPrepare(1))).isEqualTo(ErrorCode.XA_ROLLED_BACK);

        assertThat(first.xaRecover()).isEmpty();
        assertThat(second.reconnect().failure(second.openSession(1))).isNull();
        assertThat(second.failure(second.xaStart(1, TMJOIN))).isEqualTo(ErrorCode.XA_UNKNOWN);
        assertThat(delivered()).isEmpty();
    }

    @Test
    void shouldNotCommitInOnePhaseWithoutIt() {
        harness.turn(() -> harness.broker.checkpoint());
        harness.restart();
        part(back(second), TMJOIN, "two");

        assertThat(second.failure(second.xaCommit(1, true))).isEqualTo(ErrorCode.XA_ROLLED_BACK);

        assertThat(delivered()).isEmpty();
    }

    @Test
    void shouldNotPrepareWhileAPartIsOnItsWay() {
        part(second, TMJOIN, "three");
        harness.crash();
        part(back(first), TMNOFLAGS, "one");
        part(back(second), TMJOIN, "two");

        assertThat(first.failure(first.xaPrepare(1))).isEqualTo(ErrorCode.XA_ROLLED_BACK);
    }

    @Test
    void shouldPrepareOnceAllPartsAreThereInWhateverOrder() {
        harness.turn(() -> harness.broker.checkpoint());
        harness.crash();
        part(back(second), TMJOIN, "two");
        part(back(first), TMNOFLAGS, "one");

        assertThat(second.failure(second.xaPrepare(1))).isNull();
        assertThat(first.failure(first.xaCommit(1, false))).isNull();

        assertThat(delivered()).containsExactly("two", "one");
    }

    @Test
    void shouldTakePartsThatWereSuspendedAndResumed() {
        second.xaStart(2, TMNOFLAGS);
        second.xaEnd(2, TMSUSPEND);
        first.xaStart(2, TMJOIN);
        first.xaEnd(2, TMSUCCESS);
        second.xaStart(2, TMRESUME);
        second.sendTransacted(OUT, "resumed");
        second.xaEnd(2, TMSUCCESS);
        harness.crash();
        back(first).xaStart(2, TMJOIN);
        first.xaEnd(2, TMSUCCESS);
        back(second).xaStart(2, TMNOFLAGS);
        second.xaEnd(2, TMSUSPEND);
        assertThat(second.failure(second.xaStart(2, TMRESUME))).isNull();
        second.sendTransacted(OUT, "resumed");
        second.xaEnd(2, TMSUCCESS);

        assertThat(second.failure(second.xaCommit(2, true))).isNull();

        assertThat(delivered()).containsExactly("resumed");
    }

    @Test
    void shouldTakeNewWorkOnceAllPartsAreThere() {
        harness.crash();
        part(back(first), TMNOFLAGS, "one");
        part(back(second), TMJOIN, "two");
        assertThat(first.failure(first.xaStart(1, TMNOFLAGS))).isEqualTo(ErrorCode.XA_DUPLICATE);
        part(first, TMJOIN, "three");

        assertThat(first.failure(first.xaCommit(1, true))).isNull();

        assertThat(delivered()).containsExactly("one", "two", "three");
    }

    @Test
    void shouldRollBackAtAnyonesWordBeforeAnybodyIsBack() {
        harness.crash();
        TestClient coordinator = harness.connected();

        assertThat(coordinator.failure(coordinator.xaRollback(1))).isNull();

        assertThat(back(first).failure(first.xaStart(1, TMNOFLAGS))).isNull();
        first.xaEnd(1, TMSUCCESS);
        assertThat(back(second).failure(second.xaStart(1, TMJOIN)))
                .as("a new branch of the same name")
                .isNull();
    }

    @Test
    void shouldNotBeginAnewWhatWasRolledBackWhileAPartWasAway() {
        Address in = Address.queue("in");
        first.send(in, "taken");
        first.consume(1, in);
        long entry = first.last().entry();
        first.xaStart(1, TMJOIN);
        first.acknowledgeTransacted(1, entry);
        first.xaEnd(1, TMSUCCESS);
        harness.crash();
        part(back(second), TMJOIN, "two");
        assertThat(second.failure(second.xaPrepare(1))).isEqualTo(ErrorCode.XA_ROLLED_BACK);

        back(first);
        first.attach(1, 1, Source.queue(in, null), EntryRanges.of(entry));
        first.credit(1, 100);
        first.take();
        first.frame(new ClientFrame.Repeated(first.lastCommand + 1));
        assertThat(first.failure(first.xaStart(1, TMNOFLAGS))).isEqualTo(ErrorCode.XA_UNKNOWN);
        first.sendTransacted(OUT, "one");
        first.acknowledgeTransacted(1, entry);
        assertThat(first.failure(first.xaEnd(1, TMSUCCESS))).isEqualTo(ErrorCode.XA_UNKNOWN);

        assertThat(first.takeTexts()).as("given back at once").containsExactly("taken");
        assertThat(delivered()).isEmpty();
        assertThat(first.failure(first.xaStart(1, TMNOFLAGS)))
                .as("a new one of the name")
                .isNull();
    }

    @Test
    void shouldForgetWhoHadAPartWithTheBranch() {
        assertThat(second.failure(second.xaRollback(1))).isNull();
        harness.crash();

        assertThat(back(second).failure(second.xaStart(1, TMJOIN))).isEqualTo(ErrorCode.XA_UNKNOWN);
        assertThat(back(first).failure(first.xaRollback(1))).isEqualTo(ErrorCode.XA_UNKNOWN);
    }

    @Test
    void shouldForgetWhoHadAPartWithACommitInOnePhase() {
        assertThat(second.failure(second.xaCommit(1, true))).isNull();
        harness.crash();

        assertThat(back(second).failure(second.xaStart(1, TMJOIN))).isEqualTo(ErrorCode.XA_UNKNOWN);
        assertThat(delivered()).containsExactly("one", "two");
    }

    private static long told(TestClient client) {
        return client.received.stream()
                .filter(new ServerFrame.XaOver(TestClient.branch(1))::equals)
                .count();
    }

    @Test
    void shouldTellTheOtherOnceItIsCertainlyPrepared() {
        harness.byHand();
        first.xaPrepare(1);
        harness.write();
        assertThat(told(second)).isZero();
        harness.sync();

        assertThat(told(second)).isEqualTo(1);
        harness.automatic();
        second.xaCommit(1, false);
        assertThat(told(second)).isEqualTo(1);
        assertThat(told(first)).isZero();
    }

    @Test
    void shouldTellTheOtherOfACommitInOnePhaseAndOfARollback() {
        first.xaRollback(1);
        assertThat(told(second)).isEqualTo(1);
        assertThat(told(first)).isZero();

        part(first, TMNOFLAGS, "again");
        part(second, TMJOIN, "again");
        second.xaCommit(1, true);
        assertThat(told(first)).isEqualTo(1);
        assertThat(told(second)).isEqualTo(1);
    }

    @Test
    void shouldTellBothOfADecisionThatAThirdTakesOrTheTime() {
        TestClient coordinator = harness.connected();
        coordinator.xaPrepare(1);
        assertThat(told(first)).isEqualTo(1);
        assertThat(told(second)).isEqualTo(1);

        coordinator.xaRollback(1);
        part(first, TMNOFLAGS, "late");
        part(second, TMJOIN, "late");
        harness.sleep(301_000);
        assertThat(told(first)).isEqualTo(2);
        assertThat(told(second)).isEqualTo(2);
    }

    @Test
    void shouldNotTellWhoIsAway() {
        second.disconnect();
        first.xaPrepare(1);

        assertThat(told(second)).isZero();
        assertThat(second.reconnect().failure(second.xaCommit(1, false))).isNull();
    }

    @Test
    void shouldSayThatAJoinIsDoneOnlyWhenItIsNotForgottenAnyMore() {
        harness.byHand();
        long join = second.xaStart(1, TMJOIN);
        harness.write();
        assertThat(second.isConfirmed(join)).isFalse();
        harness.sync();
        assertThat(second.isConfirmed(join)).isTrue();
    }
}
