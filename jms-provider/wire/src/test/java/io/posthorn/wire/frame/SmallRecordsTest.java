package io.posthorn.wire.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Address, branch, source and error code: what crosses the wire inside of frames. */
class SmallRecordsTest {

    @Test
    void shouldTellAQueueFromATopicOfTheSameName() {
        assertThat(Address.queue("a")).isNotEqualTo(Address.topic("a")).hasToString("queue 'a'");
        assertThat(Address.Kind.TEMPORARY_TOPIC.isTopic()).isTrue();
        assertThat(Address.Kind.TEMPORARY_QUEUE.isTopic()).isFalse();
        assertThat(Address.Kind.TEMPORARY_QUEUE.isTemporary()).isTrue();
        assertThat(Address.Kind.TOPIC.isTemporary()).isFalse();
    }

    @Test
    void shouldKeepTheNumbersOfKindsAndModes() {
        assertThat(Address.Kind.values())
                .containsExactly(
                        Address.Kind.QUEUE,
                        Address.Kind.TOPIC,
                        Address.Kind.TEMPORARY_QUEUE,
                        Address.Kind.TEMPORARY_TOPIC);
        assertThat(Source.Mode.values()).containsExactly(Source.Mode.CONSUME, Source.Mode.BROWSE, Source.Mode.CLAIM);
    }

    @Test
    void shouldRefuseAnAddressOrSourceWithoutItsParts() {
        assertThatThrownBy(() -> Address.queue(null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> new Address(null, "a")).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> Source.queue(null, null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> new Source(Address.queue("a"), null, null, false, false, false, null))
                .isInstanceOf(NullPointerException.class);
    }

    @Test
    void shouldCompareBranchesByValue() {
        BranchId one = new BranchId(1, new byte[] {1}, new byte[] {2});
        assertThat(one)
                .isEqualTo(new BranchId(1, new byte[] {1}, new byte[] {2}))
                .hasSameHashCodeAs(new BranchId(1, new byte[] {1}, new byte[] {2}))
                .isNotEqualTo(new BranchId(2, new byte[] {1}, new byte[] {2}))
                .isNotEqualTo(new BranchId(1, new byte[] {2}, new byte[] {2}))
                .isNotEqualTo(new BranchId(1, new byte[] {1}, new byte[] {3}))
                .hasToString("1:01:02");
    }

    @Test
    void shouldRefuseBranchPartsOfMoreThan64Bytes() {
        assertThatThrownBy(() -> new BranchId(1, new byte[65], new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("64");
        assertThatThrownBy(() -> new BranchId(1, new byte[0], new byte[65]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shouldFindErrorCodesByNumber() {
        Set<Integer> numbers = new HashSet<>();
        for (ErrorCode code : ErrorCode.values()) {
            assertThat(ErrorCode.of(code.number())).isEqualTo(code);
            assertThat(numbers.add(code.number())).isTrue();
        }
        assertThat(ErrorCode.of(12_345)).isEqualTo(ErrorCode.INTERNAL);
    }
}
