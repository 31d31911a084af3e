package io.posthorn.engine.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.Outcome;
import io.posthorn.engine.command.SessionStanding.ConsumerStanding;
import io.posthorn.engine.model.Messages;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.BranchId;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.EntryRanges;
import io.posthorn.wire.frame.ErrorCode;
import io.posthorn.wire.frame.Source;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Numbers, outcomes and resumptions, without a connection. */
class CommandLogTest {

    private static final Address QUEUE = Address.queue("q");

    private final List<String> told = new ArrayList<>();
    private final List<String> left = new ArrayList<>();
    private final List<String> kept = new ArrayList<>();
    private final CommandLog log =
            new CommandLog(command -> left.add(command.toString()), () -> {}, new CommandLog.Keeper() {
                @Override
                public void blocked(Command command, EngineException reason) {
                    kept.add(command + " " + reason.getMessage());
                }

                @Override
                public boolean keeps(Command command) {
                    return false;
                }
            });

    private Outcome tell(String name) {
        return (value, failure) -> told.add(name + (failure == null ? ":" + value : ":" + failure.code()));
    }

    private Command append(String name, ClientFrame frame) {
        return carry(Command.of(frame, tell(name)));
    }

    /** Puts it in the log and on the link. */
    private Command carry(Command command) {
        log.append(command);
        log.frame(command, 0);
        return command;
    }

    private Command send(String name, boolean transacted) {
        return send(name, transacted, true);
    }

    private Command send(String name, boolean transacted, boolean persistent) {
        byte[] envelope = Messages.persistent(name);
        return carry(
                Command.send(new ClientFrame.Send(0, 1, transacted, true, 0, envelope), QUEUE, persistent, tell(name)));
    }

    private static List<String> names(List<Command> commands) {
        return commands.stream()
                .map(command -> command.template() instanceof ClientFrame.Send send
                        ? Messages.text(send.envelope())
                        : command.template().getClass().getSimpleName())
                .toList();
    }

    @Test
    void shouldNumberAndTellInOrder() {
        Command first = send("a", false);
        send("b", false);
        append("prepare", new ClientFrame.XaPrepare(0, branch(1)));
        ClientFrame.Send frame = (ClientFrame.Send) log.frame(first, 5);
        assertThat(frame.command()).isEqualTo(1);
        assertThat(frame.alias()).isEqualTo(5);
        log.fail(2, ErrorCode.SECURITY, "no");
        log.result(3, 3);
        assertThat(told).isEmpty();

        log.confirm(2);
        assertThat(told).containsExactly("a:0", "b:SECURITY");
        log.confirm(3);

        assertThat(told).containsExactly("a:0", "b:SECURITY", "prepare:3");
        assertThat(left).containsExactly("Send 1", "Send 2", "XaPrepare 3");
        assertThat(log.lastConfirmed()).isEqualTo(3);
        assertThat(log.isEmpty()).isTrue();
    }

    @Test
    void shouldRefuseConfirmationsOfWhatWasNeverSent() {
        send("a", false);

        assertThatThrownBy(() -> log.confirm(2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> log.resume(true, 2, List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldGiveFreshNumbersToWhatIsSentAgain() {
        send("a", false);
        send("b", false);
        List<Command> again = log.resume(true, 1, List.of());

        assertThat(names(again)).containsExactly("b");
        assertThat(again.get(0).number()).isEqualTo(3);
        log.confirm(1);
        log.confirm(3);
        assertThat(told).containsExactly("a:0", "b:0");
    }

    @Test
    void shouldForgetWhatAnEarlierNumberWasTold() {
        send("a", false);
        log.fail(1, ErrorCode.RESOURCE_LIMIT, "disk is full");
        log.resume(false, 0, List.of());
        log.fail(1, ErrorCode.INTERNAL, "late");
        log.confirm(2);

        assertThat(told).containsExactly("a:0");
    }

    @Test
    void shouldResendWholeTransactionsToAnotherRunAgainAndAgain() {
        send("t1", true);
        send("t2", true);
        log.confirm(2);
        send("plain", false);
        append("commit", new ClientFrame.Commit(0, 1));
        send("u1", true);

        assertThat(names(log.resume(false, 0, List.of()))).containsExactly("t1", "t2", "plain", "Commit", "u1");
        assertThat(names(log.resume(true, 7, List.of())))
                .as("the same run has t1 and t2")
                .containsExactly("plain", "Commit", "u1");
        assertThat(names(log.resume(false, 5, List.of()))).containsExactly("t1", "t2", "plain", "Commit", "u1");
        long highest = log.resume(false, 5, List.of()).get(4).number();
        log.confirm(highest);
        assertThat(told).containsExactly("t1:0", "t2:0", "plain:0", "commit:0", "u1:0");
        assertThat(names(log.resume(false, highest, List.of())))
                .as("what is committed is forgotten")
                .containsExactly("u1");
    }

    @Test
    void shouldResendOnTheSameRunWhatWasToldBeforeAndIsOnItsWayAgain() {
        send("t1", true);
        log.confirm(1);
        log.resume(false, 1, List.of());

        assertThat(names(log.resume(true, 1, List.of())))
                .as("sent to this run, and lost with the link")
                .containsExactly("t1");
    }

    @Test
    void shouldForgetATransactionWhoseCommitIsDone() {
        send("t1", true);
        append("commit", new ClientFrame.Commit(0, 1));

        assertThat(log.resume(false, 2, List.of())).isEmpty();
        log.confirm(2);
        assertThat(told).containsExactly("t1:0", "commit:0");
        assertThat(log.isAtStake(List.of())).isFalse();
    }

    @Test
    void shouldKeepATransactionWhoseCommitHadNoEffect() {
        send("t1", true);
        append("commit", new ClientFrame.Commit(0, 1));
        log.fail(2, ErrorCode.RESOURCE_LIMIT, "disk is full");
        log.confirm(2);

        assertThat(names(log.resume(false, 2, List.of()))).containsExactly("t1");
    }

    @Test
    void shouldForgetATransactionThatWasRolledBackInstead() {
        send("t1", true);
        append("commit", new ClientFrame.Commit(0, 1));
        log.fail(2, ErrorCode.ROLLED_BACK, "rolled back");
        log.confirm(2);

        assertThat(log.resume(false, 2, List.of())).isEmpty();
    }

    @Test
    void shouldNotResendWhatTheServerRefused() {
        send("t1", true);
        send("t2", true);
        log.fail(1, ErrorCode.INVALID_DESTINATION, "no such queue");
        log.confirm(2);

        assertThat(names(log.resume(false, 2, List.of()))).containsExactly("t2");
    }

    @Test
    void shouldTellOfNonPersistentMessagesInTheirTurn() {
        send("p", false);
        send("v", false, false);
        send("w", false, false);
        List<Command> again = log.resume(false, 0, List.of());
        assertThat(names(again)).containsExactly("p");
        assertThat(told).isEmpty();

        log.confirm(again.get(0).number());

        assertThat(told).containsExactly("p:0", "v:0", "w:0");
    }

    @Test
    void shouldSendToAnotherRunWhatIsNotPersistentAndWentOutToNone() {
        byte[] envelope = Messages.volatileOne("v");
        log.append(Command.send(new ClientFrame.Send(0, 1, false, true, 0, envelope), QUEUE, false, tell("v")));

        List<Command> again = log.resume(false, 0, List.of());

        assertThat(names(again)).containsExactly("v");
        log.frame(again.get(0), 0);
        assertThat(log.resume(false, 0, List.of())).as("it went out now").isEmpty();
    }

    @Test
    void shouldRepeatNothingThatIsNotPersistentOnceTheCommitWentOut() {
        send("p", true);
        send("v", true, false);
        assertThat(names(log.resume(false, 0, List.of()))).as("still open").containsExactly("p", "v");
        append("commit", new ClientFrame.Commit(0, 1));

        assertThat(names(log.resume(false, 0, List.of()))).containsExactly("p", "Commit");
        assertThat(names(log.resume(false, 0, List.of()))).as("once more").containsExactly("p", "Commit");
    }

    @Test
    void shouldRepeatNothingThatIsNotPersistentOnceTheCommitOfABranchInOnePhaseWentOut() {
        append("start", new ClientFrame.XaStart(0, 1, branch(1), 0));
        send("p", true);
        send("v", true, false);
        append("end", new ClientFrame.XaEnd(0, 1, branch(1), 0));
        append("prepare", new ClientFrame.XaPrepare(0, branch(1)));
        assertThat(names(log.resume(false, 0, List.of())))
                .as("nobody can see what is prepared")
                .containsExactly("XaStart", "p", "v", "XaEnd", "XaPrepare");
        append("commit", new ClientFrame.XaCommit(0, branch(1), true));

        assertThat(names(log.resume(false, 0, List.of())))
                .containsExactly("XaStart", "p", "XaEnd", "XaPrepare", "XaCommit");
    }

    private static List<String> repeated(List<Command> commands) {
        return names(commands.stream().filter(Command::isRepeated).toList());
    }

    @Test
    void shouldMarkForAnotherRunWhatAnEarlierOneMayHaveDelivered() {
        send("sent", false);
        byte[] envelope = Messages.persistent("kept");
        log.append(Command.send(new ClientFrame.Send(0, 1, false, true, 0, envelope), QUEUE, true, tell("kept")));
        assertThat(repeated(log.resume(true, 0, List.of())))
                .as("the same run knows")
                .isEmpty();

        assertThat(repeated(log.resume(false, 0, List.of()))).containsExactly("sent");
        assertThat(repeated(log.resume(true, 0, List.of())))
                .as("it did not get it, and the one before may have had it")
                .containsExactly("sent");
    }

    @Test
    void shouldMarkWhatIsSentInATransactionOnceItsCommitWentOut() {
        send("t1", true);
        assertThat(repeated(log.resume(false, 0, List.of())))
                .as("nobody can see it")
                .isEmpty();
        append("commit", new ClientFrame.Commit(0, 1));

        assertThat(repeated(log.resume(false, 0, List.of()))).containsExactly("t1");
    }

    @Test
    void shouldMarkTheStartOfABranchThatAnEarlierRunHad() {
        append("start", new ClientFrame.XaStart(0, 1, branch(1), 0));
        send("b", true);
        append("end", new ClientFrame.XaEnd(0, 1, branch(1), 0));

        assertThat(repeated(log.resume(false, 3, List.of()))).containsExactly("XaStart");
    }

    @Test
    void shouldForgetABranchThatAnotherConnectionPreparedOrEnded() {
        append("start", new ClientFrame.XaStart(0, 1, branch(1), 0x00200000));
        send("b", true);
        append("end", new ClientFrame.XaEnd(0, 1, branch(1), 0));
        log.confirm(3);
        log.branchOver(branch(2));
        assertThat(log.isAtStake(List.of())).isTrue();

        log.branchOver(branch(1));

        assertThat(log.isAtStake(List.of())).isFalse();
        assertThat(log.resume(false, 3, List.of())).isEmpty();
    }

    @Test
    void shouldForgetABranchThatIsOverOnlyWhenItsOwnWorkIsDone() {
        append("start", new ClientFrame.XaStart(0, 1, branch(1), 0x00200000));
        send("b", true);
        log.confirm(2);
        log.branchOver(branch(1));
        assertThat(log.isAtStake(List.of())).as("a session works in it").isTrue();
        append("end", new ClientFrame.XaEnd(0, 1, branch(1), 0));
        log.branchOver(branch(1));
        assertThat(log.isAtStake(List.of())).as("its end is not confirmed").isTrue();

        log.confirm(3);

        assertThat(log.isAtStake(List.of())).isFalse();
    }

    @Test
    void shouldRollBackATransactionThatLacksAMessageWhateverTheServerKnows() {
        send("t1", true);
        send("t2", true);
        log.fail(1, ErrorCode.INVALID_DESTINATION, "no such queue");
        log.confirm(2);
        log.resume(false, 2, List.of());
        append("commit", new ClientFrame.Commit(0, 1));
        List<Command> again = log.resume(false, 2, List.of());

        assertThat(names(again)).containsExactly("t2", "Rollback");
        log.confirm(again.get(1).number());
        assertThat(told).containsExactly("t1:INVALID_DESTINATION", "t2:0", "commit:ROLLED_BACK");
        assertThat(log.isAtStake(List.of())).isFalse();
    }

    @Test
    void shouldRollBackABranchThatLacksAMessageInPlaceOfPreparingIt() {
        append("start", new ClientFrame.XaStart(0, 1, branch(1), 0));
        log.refuse(send("t1", true), new EngineException(ErrorCode.RESOURCE_LIMIT, "too long"));
        append("end", new ClientFrame.XaEnd(0, 1, branch(1), 0));
        Command prepare = append("prepare", new ClientFrame.XaPrepare(0, branch(1)));

        assertThat(prepare.template()).isInstanceOf(ClientFrame.XaRollback.class);
        log.confirm(3);
        assertThat(told).containsExactly("start:0", "t1:RESOURCE_LIMIT", "end:0", "prepare:XA_ROLLED_BACK");
    }

    @Test
    void shouldOpenOnlyWhatTheServerHasHad() {
        append("open 1", new ClientFrame.OpenSession(0, 1));
        log.confirm(1);
        append("open 2", new ClientFrame.OpenSession(0, 2));
        ConsumerRef ref = new ConsumerRef(9, 1, Source.queue(QUEUE, null));
        Generation generation = new Generation();
        ClientFrame.Attach attach = new ClientFrame.Attach(0, 1, 9, 0, ref.source(), EntryRanges.NONE);
        carry(Command.about(ref, attach, generation, tell("attach")));
        SessionStanding one = new SessionStanding(
                1, List.of(new ConsumerStanding(ref, new Generation(), EntryRanges.NONE, tell("x"))));
        SessionStanding two = new SessionStanding(2, List.of());

        assertThat(names(log.resume(true, 1, List.of(one, two))))
                .containsExactly("OpenSession", "OpenSession", "Attach");
        log.confirm(6);
        assertThat(told).containsExactly("open 1:0", "open 2:0", "attach:0");
        assertThat(names(log.resume(true, 6, List.of(one, two))))
                .containsExactly("OpenSession", "Attach", "OpenSession");
        assertThat(log.isAtStake(List.of(one, two))).isFalse();
    }

    @Test
    void shouldEndInTheGenerationThatIsOpenedLast() {
        append("open", new ClientFrame.OpenSession(0, 1));
        ConsumerRef ref = new ConsumerRef(9, 1, Source.queue(QUEUE, null));
        ClientFrame.Attach attach = new ClientFrame.Attach(0, 1, 9, 0, ref.source(), EntryRanges.NONE);
        carry(Command.about(ref, attach, new Generation(), Outcome.NONE));
        log.confirm(2);
        ClientFrame.Release release = new ClientFrame.Release(0, 9, 0, EntryRanges.of(5));
        carry(Command.about(ref, release, new Generation(), Outcome.NONE));
        Generation current = new Generation();
        SessionStanding standing =
                new SessionStanding(1, List.of(new ConsumerStanding(ref, current, EntryRanges.of(6), Outcome.NONE)));

        List<Command> again = log.resume(true, 2, List.of(standing));

        assertThat(names(again)).containsExactly("OpenSession", "Attach", "Release");
        ClientFrame.Attach first = (ClientFrame.Attach) log.frame(again.get(1), 0);
        ClientFrame.Release second = (ClientFrame.Release) log.frame(again.get(2), 0);
        assertThat(first.held().count()).isEqualTo(2);
        assertThat(second.generation()).isEqualTo(current.number());
    }

    /** A consumer 9 in session 1, known to the server; nothing is unconfirmed. */
    private ConsumerRef knownConsumer() {
        ConsumerRef ref = new ConsumerRef(9, 1, Source.queue(QUEUE, null));
        append("open", new ClientFrame.OpenSession(0, 1));
        ClientFrame.Attach attach = new ClientFrame.Attach(0, 1, 9, 0, ref.source(), EntryRanges.NONE);
        carry(Command.about(ref, attach, new Generation(), Outcome.NONE));
        log.confirm(2);
        return ref;
    }

    private static List<SessionStanding> holding(ConsumerRef ref, EntryRanges handed) {
        return List.of(
                new SessionStanding(1, List.of(new ConsumerStanding(ref, new Generation(), handed, Outcome.NONE))));
    }

    private static EntryRanges entries(long... numbers) {
        EntryRanges.Builder builder = new EntryRanges.Builder();
        for (long number : numbers) {
            builder.add(number);
        }
        return builder.build();
    }

    @Test
    void shouldLeaveADeliveryToTheLastThatNamesItAfterARestart() {
        ConsumerRef ref = knownConsumer();
        ClientFrame.Acknowledge staged = new ClientFrame.Acknowledge(0, 9, true, false, entries(1, 2, 3));
        carry(Command.about(ref, staged, null, tell("staged")));
        append("rollback", new ClientFrame.Rollback(0, 1));
        carry(Command.about(ref, new ClientFrame.Acknowledge(0, 9, false, false, entries(2)), null, tell("ack")));

        List<Command> again = log.resume(false, 2, holding(ref, entries(3)));

        assertThat(names(again)).containsExactly("OpenSession", "Attach", "Acknowledge", "Rollback", "Acknowledge");
        assertThat(((ClientFrame.Attach) again.get(1).template()).held()).isEqualTo(entries(1, 2, 3));
        assertThat(((ClientFrame.Acknowledge) again.get(2).template()).entries())
                .as("2 and 3 came back by the rollback, and are held again")
                .isEqualTo(entries(1));
        assertThat(((ClientFrame.Acknowledge) again.get(4).template()).entries())
                .isEqualTo(entries(2));
    }

    @Test
    void shouldTakeWhatHasNotBeenSentForLaterThanWhatIsHeld() {
        ConsumerRef ref = knownConsumer();
        ClientFrame.Acknowledge late = new ClientFrame.Acknowledge(0, 9, false, false, entries(3));
        log.append(Command.about(ref, late, null, tell("ack")));

        List<Command> again = log.resume(false, 2, holding(ref, entries(3, 4)));

        assertThat(names(again)).containsExactly("OpenSession", "Attach", "Acknowledge");
        assertThat(((ClientFrame.Attach) again.get(1).template()).held()).isEqualTo(entries(3, 4));
        assertThat(((ClientFrame.Acknowledge) again.get(2).template()).entries())
                .isEqualTo(entries(3));
    }

    @Test
    void shouldSayNothingToAnotherRunOfDeliveriesThatWereNotPersistent() {
        ConsumerRef ref = knownConsumer();
        ClientFrame.Acknowledge staged = new ClientFrame.Acknowledge(0, 9, true, false, entries(1, 2));
        carry(Command.about(ref, staged, null, tell("staged")).withUnlogged(entries(2)));
        ClientFrame.Acknowledge forced = new ClientFrame.Acknowledge(0, 9, false, true, entries(4));
        carry(Command.about(ref, forced, null, tell("forced")).withUnlogged(entries(4)));
        append("commit", new ClientFrame.Commit(0, 1));

        List<Command> again = log.resume(false, 2, holding(ref, EntryRanges.NONE));

        assertThat(names(again)).containsExactly("OpenSession", "Attach", "Acknowledge", "Commit");
        assertThat(((ClientFrame.Acknowledge) again.get(2).template()).entries())
                .isEqualTo(entries(1));
        log.confirm(again.get(3).number());
        assertThat(told).containsExactly("open:0", "staged:0", "forced:0", "commit:0");
    }

    @Test
    void shouldGiveBackThroughAClaimerAfterARestart() {
        ConsumerRef ref = knownConsumer();
        ClientFrame.Release release = new ClientFrame.Release(0, 9, 0, entries(2, 3));
        carry(Command.about(ref, release, new Generation(), tell("release")));

        List<Command> again = log.resume(false, 2, holding(ref, entries(3, 7)));

        assertThat(names(again)).containsExactly("OpenSession", "Attach", "Attach", "Release");
        ClientFrame.Attach claim = (ClientFrame.Attach) again.get(2).template();
        ClientFrame.Release narrowed = (ClientFrame.Release) again.get(3).template();
        assertThat(((ClientFrame.Attach) again.get(1).template()).held()).isEqualTo(entries(3, 7));
        assertThat(claim.source().mode()).isEqualTo(Source.Mode.CLAIM);
        assertThat(claim.held()).isEqualTo(entries(2));
        assertThat(narrowed.handed()).isEqualTo(entries(2));
        assertThat(narrowed.consumer()).isEqualTo(claim.consumer()).isNotEqualTo(9);
        assertThat(names(log.resume(false, 2, holding(ref, entries(3, 7)))))
                .as("once more")
                .containsExactly("OpenSession", "Attach", "Attach", "Release");
    }

    @Test
    void shouldFinishARebuildThatBrokeOff() {
        ConsumerRef ref = knownConsumer();
        Address temporary = new Address(Address.Kind.TEMPORARY_QUEUE, "t");
        append("create", new ClientFrame.CreateTemporary(0, temporary));
        append("timeout", new ClientFrame.XaTimeout(0, 1, 60));
        send("t1", true);
        log.confirm(5);
        List<Command> rebuild = log.resume(false, 5, holding(ref, entries(3)));
        assertThat(names(rebuild)).containsExactly("OpenSession", "XaTimeout", "CreateTemporary", "Attach", "t1");

        List<Command> partly = log.resume(true, rebuild.get(0).number(), holding(ref, entries(3)));
        assertThat(names(partly)).containsExactly("OpenSession", "XaTimeout", "CreateTemporary", "Attach", "t1");
        List<Command> rest = log.resume(true, partly.get(4).number(), holding(ref, entries(3)));

        assertThat(names(rest)).as("all of it is done").containsExactly("OpenSession", "Attach");
    }

    @Test
    void shouldNotOpenAClosedConsumerByAnOldStop() {
        append("open", new ClientFrame.OpenSession(0, 1));
        ConsumerRef ref = new ConsumerRef(9, 1, Source.queue(QUEUE, null));
        ClientFrame.Attach attach = new ClientFrame.Attach(0, 1, 9, 0, ref.source(), EntryRanges.NONE);
        carry(Command.about(ref, attach, new Generation(), Outcome.NONE));
        log.confirm(2);
        ClientFrame.Attach stop = new ClientFrame.Attach(0, 1, 9, 0, ref.source(), EntryRanges.of(5));
        carry(Command.about(ref, stop, new Generation(), tell("stop")));
        carry(Command.about(ref, new ClientFrame.Detach(0, 9, EntryRanges.of(5)), null, tell("detach")));
        SessionStanding standing =
                new SessionStanding(1, List.of(new ConsumerStanding(ref, null, EntryRanges.of(5), Outcome.NONE)));

        List<Command> again = log.resume(false, 2, List.of(standing));

        assertThat(names(again)).containsExactly("OpenSession", "Attach");
        assertThat(((ClientFrame.Attach) again.get(1).template()).source().mode())
                .isEqualTo(Source.Mode.CLAIM);
        log.confirm(again.get(1).number());
        assertThat(told).containsExactly("open:0", "stop:0", "detach:0");
    }

    @Test
    void shouldPushOutTheOldestOfTooManyIdleBranches() {
        int count = Transactions.IDLE_BRANCHES_MAX + 3;
        for (int number = 0; number < count; number++) {
            append("start", new ClientFrame.XaStart(0, 1, branch(number), 0));
            append("end", new ClientFrame.XaEnd(0, 1, branch(number), 0));
        }
        log.confirm(2L * count);

        List<Command> again = log.resume(false, 2L * count, List.of());

        assertThat(again).hasSize(2 * Transactions.IDLE_BRANCHES_MAX);
        assertThat(((ClientFrame.XaStart) again.get(0).template()).branch()).isEqualTo(branch(3));
    }

    @Test
    void shouldPushOutIdleBranchesThatHoldTooManyBytes() {
        byte[] envelope = Messages.ofLength((int) (Transactions.IDLE_BYTES_MAX / 3));
        for (int number = 0; number < 5; number++) {
            append("start", new ClientFrame.XaStart(0, 1, branch(number), 0));
            carry(Command.send(new ClientFrame.Send(0, 1, true, true, 0, envelope), QUEUE, true, tell("m")));
            append("end", new ClientFrame.XaEnd(0, 1, branch(number), 0));
        }
        log.confirm(15);

        List<Command> again = log.resume(false, 15, List.of());

        assertThat(again.stream()
                        .filter(command -> command.template() instanceof ClientFrame.XaStart)
                        .map(command -> ((ClientFrame.XaStart) command.template()).branch()))
                .containsExactly(branch(3), branch(4));
    }

    @Test
    void shouldFailAllThatIsLeft() {
        send("a", false);
        send("b", true);
        log.failAll(new EngineException(ErrorCode.CONNECTION_LOST, "gone"));

        assertThat(told).containsExactly("a:CONNECTION_LOST", "b:CONNECTION_LOST");
        assertThat(left).hasSize(2);
    }

    private static BranchId branch(int number) {
        return new BranchId(1, new byte[] {(byte) (number >> 8), (byte) number}, new byte[] {1});
    }
}
