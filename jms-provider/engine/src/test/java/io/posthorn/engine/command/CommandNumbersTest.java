package io.posthorn.engine.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.engine.EngineException;
import io.posthorn.engine.model.Messages;
import io.posthorn.wire.frame.Address;
import io.posthorn.wire.frame.ClientFrame;
import io.posthorn.wire.frame.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The server takes a number that it never sees for something that was lost. */
class CommandNumbersTest {

    private static final EngineException TOO_LONG = new EngineException(ErrorCode.RESOURCE_LIMIT, "too long");

    private final List<String> told = new ArrayList<>();
    private final CommandLog log = new CommandLog(command -> {}, () -> {}, new CommandLog.Keeper() {
        @Override
        public void blocked(Command command, EngineException reason) {
            throw new AssertionError("no queue is full");
        }

        @Override
        public boolean keeps(Command command) {
            return false;
        }
    });

    private Command send(String name) {
        ClientFrame.Send frame = new ClientFrame.Send(0, 1, false, true, 0, Messages.persistent(name));
        Command command = Command.send(
                frame,
                Address.queue("q"),
                true,
                (value, failure) -> told.add(name + (failure == null ? "" : " failed")));
        log.append(command);
        log.frame(command, 0);
        return command;
    }

    @Test
    void shouldGiveTheNumberOfWhatCannotBeSentToTheNext() {
        send("1");
        log.refuse(send("2"), TOO_LONG);

        assertThat(send("3").number()).isEqualTo(2);
        log.confirm(1);
        assertThat(told).containsExactly("1", "2 failed");
        log.confirm(2);
        assertThat(told).containsExactly("1", "2 failed", "3");
    }

    @Test
    void shouldNumberAgainWhatComesBehindSomethingThatCannotBeSentAgain() {
        send("1");
        send("2");
        send("3");
        List<Command> again = log.resume(true, 0, List.of());
        log.refuse(again.get(1), TOO_LONG);

        assertThat(again.get(2).number()).isEqualTo(again.get(0).number() + 1);
        log.confirm(again.get(2).number());
        assertThat(told).containsExactly("1", "2 failed", "3");
    }
}
