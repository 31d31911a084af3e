package io.posthorn.wire.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class EntryRangesTest {

    @Test
    void shouldJoinConsecutiveEntriesInAnyOrder() {
        EntryRanges ranges = SampleFrames.ranges(9, 1, 3, 2, 2, 7, 8);
        assertThat(ranges.toString()).isEqualTo("[1-3,7-9]");
        assertThat(ranges.rangeCount()).isEqualTo(2);
        assertThat(ranges.first(1)).isEqualTo(7);
        assertThat(ranges.last(1)).isEqualTo(9);
        assertThat(ranges.count()).isEqualTo(6);
    }

    @Test
    void shouldBeEmptyWithoutEntries() {
        assertThat(new EntryRanges.Builder().isEmpty()).isTrue();
        assertThat(new EntryRanges.Builder().build()).isSameAs(EntryRanges.NONE);
        assertThat(EntryRanges.NONE.isEmpty()).isTrue();
        assertThat(EntryRanges.NONE.contains(0)).isFalse();
        assertThat(EntryRanges.NONE.toString()).isEqualTo("[]");
    }

    @Test
    void shouldKnowItsEntries() {
        long seed = Long.getLong("posthorn.seed", System.nanoTime());
        System.out.println("EntryRangesTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            TreeSet<Long> expected = new TreeSet<>();
            EntryRanges.Builder builder = new EntryRanges.Builder();
            for (int count = random.nextInt(40); count > 0; count--) {
                long entry = random.nextInt(60);
                expected.add(entry);
                builder.add(entry);
            }
            EntryRanges ranges = builder.build();
            List<Long> visited = new ArrayList<>();
            ranges.forEach(visited::add);
            assertThat(visited).containsExactlyElementsOf(expected);
            assertThat(ranges.count()).isEqualTo(expected.size());
            assertThat(ranges.isEmpty()).isEqualTo(expected.isEmpty());
            for (long entry = -1; entry <= 61; entry++) {
                assertThat(ranges.contains(entry)).isEqualTo(expected.contains(entry));
            }
        }
    }

    @Test
    void shouldCompareByValue() {
        assertThat(SampleFrames.ranges(1, 2, 3))
                .isEqualTo(SampleFrames.ranges(3, 2, 1))
                .hasSameHashCodeAs(SampleFrames.ranges(3, 2, 1))
                .isNotEqualTo(SampleFrames.ranges(1, 2))
                .isNotEqualTo(EntryRanges.NONE);
        assertThat(EntryRanges.of(5)).isEqualTo(SampleFrames.ranges(5));
    }

    @Test
    void shouldBuildAgainFromOneBuilder() {
        EntryRanges.Builder builder = new EntryRanges.Builder().add(5).add(1);
        assertThat(builder.build()).isEqualTo(SampleFrames.ranges(1, 5));
        assertThat(builder.add(2).build()).isEqualTo(SampleFrames.ranges(1, 2, 5));
        assertThat(builder.add(0).build()).isEqualTo(SampleFrames.ranges(0, 1, 2, 5));
    }

    @Test
    void shouldHoldTheHighestEntry() {
        EntryRanges ranges = SampleFrames.ranges(EntryRanges.ENTRY_MAX, EntryRanges.ENTRY_MAX - 1, 0);
        List<Long> visited = new ArrayList<>();
        ranges.forEach(visited::add);
        assertThat(visited).containsExactly(0L, EntryRanges.ENTRY_MAX - 1, EntryRanges.ENTRY_MAX);
        assertThat(EntryRanges.ofBounds(new long[] {0, EntryRanges.ENTRY_MAX}).count())
                .isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldRefuseNumbersThatAreNoEntries() {
        for (long entry : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertThatThrownBy(() -> EntryRanges.of(entry)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new EntryRanges.Builder().add(entry))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(String.valueOf(entry));
        }
    }
}
