package io.posthorn.wire.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
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
    void shouldTakeAwayOthers() {
        EntryRanges all = SampleFrames.ranges(1, 2, 3, 5, 6, 9);
        assertThat(all.without(EntryRanges.NONE)).isEqualTo(all);
        assertThat(all.without(all)).isEqualTo(EntryRanges.NONE);
        assertThat(EntryRanges.NONE.without(all)).isEqualTo(EntryRanges.NONE);
        assertThat(all.without(SampleFrames.ranges(0, 2, 4, 9, 10))).isEqualTo(SampleFrames.ranges(1, 3, 5, 6));
        assertThat(all.without(SampleFrames.ranges(2, 3, 4, 5)).count()).isEqualTo(3);
        EntryRanges widest = EntryRanges.ofBounds(new long[] {0, EntryRanges.ENTRY_MAX});
        assertThat(all.without(widest)).isEqualTo(EntryRanges.NONE);
        EntryRanges rest = widest.without(SampleFrames.ranges(0, 7, EntryRanges.ENTRY_MAX));
        assertThat(rest).isEqualTo(EntryRanges.ofBounds(new long[] {1, 6, 8, EntryRanges.ENTRY_MAX - 1}));
    }

    @Test
    void shouldTakeAwayAsSetsDo() {
        Random random = new Random(1);
        for (int round = 0; round < 2000; round++) {
            SortedSet<Long> some = new TreeSet<>();
            SortedSet<Long> others = new TreeSet<>();
            for (int count = random.nextInt(12); count > 0; count--) {
                some.add((long) random.nextInt(20));
                others.add((long) random.nextInt(20));
            }
            EntryRanges left = ranges(some).without(ranges(others));
            some.removeAll(others);
            assertThat(left).isEqualTo(ranges(some));
        }
    }

    private static EntryRanges ranges(SortedSet<Long> numbers) {
        EntryRanges.Builder builder = new EntryRanges.Builder();
        numbers.forEach(builder::add);
        return builder.build();
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
