package io.posthorn.admin.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.admin.model.Page;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamesTest {

    private static final List<String> ALL = List.of("orders.b", "shop", "orders.a", "orders", "x.(y)");

    @Test
    void shouldChooseByPatternInOrder() {
        assertThat(new Names("orders.*", null, 10).choose(ALL))
                .isEqualTo(new Page<>(2, List.of("orders.a", "orders.b"), null));
        assertThat(new Names("sho?", null, 10).choose(ALL).items()).containsExactly("shop");
        assertThat(new Names("x.(?)", null, 10).choose(ALL).items()).containsExactly("x.(y)");
        assertThat(new Names("order", null, 10).choose(ALL).items()).isEmpty();
        assertThat(new Names(null, null, 10).choose(ALL).total()).isEqualTo(5);
    }

    @Test
    void shouldGoThroughALongListInParts() {
        Page<String> first = new Names(null, null, 2).choose(ALL);
        assertThat(first).isEqualTo(new Page<>(5, List.of("orders", "orders.a"), "orders.a"));
        Page<String> second = new Names(null, first.next(), 2).choose(ALL);
        assertThat(second.items()).containsExactly("orders.b", "shop");
        Page<String> third = new Names(null, second.next(), 2).choose(ALL);
        assertThat(third).isEqualTo(new Page<>(5, List.of("x.(y)"), null));
        assertThat(new Names(null, "a name that is gone", 2).choose(ALL).items())
                .containsExactly("orders", "orders.a");
    }
}
