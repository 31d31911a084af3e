package io.posthorn.examples.benchmark.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LedgerTest {
    @Test
    void shouldAcceptWhatTwoReadersShare() {
        Ledger ledger = new Ledger(1);
        Ledger.Reader one = ledger.reader();
        Ledger.Reader other = ledger.reader();
        ledger.sent(0, 3);
        one.received(0, 0);
        other.received(0, 1);
        one.received(0, 2);

        assertThat(ledger.awaitAll()).isEqualTo(3);
    }

    @Test
    void shouldNoticeAMessageThatCameTwiceInPlaceOfAnother() {
        Ledger ledger = new Ledger(1);
        Ledger.Reader one = ledger.reader();
        Ledger.Reader other = ledger.reader();
        ledger.sent(0, 3);
        one.received(0, 0);
        one.received(0, 2);
        other.received(0, 2);

        assertThatThrownBy(ledger::awaitAll)
                .isInstanceOf(ScenarioException.class)
                .hasMessageContaining("twice");
    }

    @Test
    void shouldNoticeAGapBeforeASingleReader() {
        Ledger ledger = new Ledger(1);
        Ledger.Reader reader = ledger.reader();
        ledger.sent(0, 2);
        reader.received(0, 1);
        reader.received(0, 0);

        assertThatThrownBy(ledger::awaitAll)
                .isInstanceOf(ScenarioException.class)
                .hasMessageContaining("message 1 of producer 0 came when 0 was due");
    }

    @Test
    void shouldNoticeWhatCannotBeRead() {
        Ledger ledger = new Ledger(1);
        ledger.sent(0, 1);
        ledger.reader().failed("no body");

        assertThatThrownBy(ledger::awaitAll)
                .isInstanceOf(ScenarioException.class)
                .hasMessage("no body");
    }
}
