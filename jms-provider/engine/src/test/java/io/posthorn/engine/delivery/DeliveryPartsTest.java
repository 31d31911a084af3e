package io.posthorn.engine.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.engine.Delivery;
import io.posthorn.wire.frame.EntryRanges;
import org.junit.jupiter.api.Test;

/** The small parts behind a consumer. */
class DeliveryPartsTest {

    @Test
    void shouldRemoveEntriesFromAnyPlace() {
        Entries entries = new Entries();
        for (long entry = 1; entry <= 10; entry++) {
            entries.add(entry);
        }

        assertThat(entries.remove(1)).isTrue();
        assertThat(entries.remove(10)).isTrue();
        assertThat(entries.remove(5)).isTrue();
        assertThat(entries.remove(5)).isFalse();

        EntryRanges.Builder rest = new EntryRanges.Builder();
        entries.addTo(rest);
        assertThat(rest.build()).hasToString("[2-4,6-9]");
        entries.clear();
        assertThat(entries.isEmpty()).isTrue();
    }

    @Test
    void shouldRememberNeighboursAsOneRange() {
        SeenEntries seen = new SeenEntries();
        for (long entry : new long[] {5, 7, 6, 1, 2, 4, 3}) {
            assertThat(seen.add(entry)).isTrue();
        }

        assertThat(seen.rangeCount()).isEqualTo(1);
        assertThat(seen.add(4)).isFalse();
        assertThat(seen.add(8)).isTrue();
    }

    @Test
    void shouldDoubleUpToTheLimit() {
        CreditWindow window = new CreditWindow(50);
        assertThat(window.ahead()).isEqualTo(16);
        assertThat(window.grow()).isTrue();
        assertThat(window.grow()).isTrue();
        assertThat(window.ahead()).isEqualTo(50);
        assertThat(window.grow()).isFalse();
        window.shrink();
        assertThat(window.ahead()).isEqualTo(1);
    }

    @Test
    void shouldLetOneComeHoweverLongMessagesAre() {
        CreditWindow window = new CreditWindow(50);
        window.onArrival(Integer.MAX_VALUE);

        assertThat(window.ahead()).isEqualTo(1);
        for (int count = 0; count < 200; count++) {
            window.onArrival(10);
        }
        assertThat(window.ahead()).isEqualTo(16);
    }

    @Test
    void shouldNotTakeAnAnswerWithoutCreditForTheWordThatThereIsNothing() {
        Intake intake = new Intake();
        intake.onGrantSent(intake.grant(16));
        intake.onAskSent(1);
        // A message came, so nobody waits for the first answer, and somebody asks again before it is there.
        intake.put(new Delivery(null, 1, 0, false, new byte[0]));
        intake.onAskSent(2);
        intake.onDrained(1);
        intake.onDrained(2);

        assertThat(intake.answered()).isEqualTo(2);
        assertThat(intake.answeredEmpty()).isZero();

        intake.onGrantSent(intake.grant(16));
        intake.onAskSent(3);
        intake.onDrained(3);
        assertThat(intake.answeredEmpty()).isEqualTo(3);
    }

    @Test
    void shouldNotTakeUsedUpCreditForTheWordThatThereIsNothingWhenTheWindowHasShrunk() {
        Intake intake = new Intake();
        intake.onGrantSent(intake.grant(1000));
        intake.onAskSent(1);
        intake.onDrained(1);
        intake.onGrantSent(intake.grant(1));
        intake.put(new Delivery(null, 1, 0, false, new byte[0]));
        intake.onAskSent(2);
        intake.onDrained(2);

        assertThat(intake.answered()).isEqualTo(2);
        assertThat(intake.answeredEmpty()).isEqualTo(1);
    }

    @Test
    void shouldTakeAnAnswerForTheWordThatThereIsNothingWhenMoreCreditWentOutBeforeTheQuestion() {
        Intake intake = new Intake();
        intake.onGrantSent(intake.grant(16));
        intake.onAskSent(1);
        intake.onGrantSent(intake.grant(20));
        intake.onAskSent(2);
        intake.onDrained(1);
        intake.onDrained(2);

        assertThat(intake.answeredEmpty()).isEqualTo(2);
    }
}
