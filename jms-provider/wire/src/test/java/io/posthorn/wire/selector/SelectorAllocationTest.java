package io.posthorn.wire.selector;

import static io.posthorn.wire.selector.Verdicts.message;
import static io.posthorn.wire.selector.Verdicts.parsed;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.posthorn.wire.message.Envelope;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class SelectorAllocationTest {

    private static final int ROUNDS = 20_000;

    @Test
    void shouldMakeNoObjectsForIdentifiersBesideLiterals() {
        Envelope message = message("region", "emea", "weight", 2501, "price", 9.5, "urgent", true, "seq", 7L);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (String text : new String[] {
            "JMSType = 'car' AND region = 'emea' AND weight > 2500", "region IN ('emea', 'apac') OR NOT urgent",
            "region IN ('1','2','3','4','5','6','7','8','9','10') OR price < 5",
                    "region LIKE 'e%_a' AND region LIKE '%me%'",
            "weight BETWEEN 1 AND 5000 AND seq <> 8", "JMSDeliveryMode = 'PERSISTENT' OR JMSPriority >= 4",
            "missing IS NULL AND urgent = TRUE AND JMSTimestamp >= 1000 * 60"
        }) {
            Selector selector = parsed(text);
            int matched = count(selector, message, 1_000);
            long before = threads.getCurrentThreadAllocatedBytes();
            matched += count(selector, message, ROUNDS);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(matched).isIn(0, ROUNDS + 1_000);
            // less than a byte for each: what there is comes from the JVM
            assertThat(allocated).as(text).isLessThan(ROUNDS);
        }
    }

    private static int count(Selector selector, Envelope message, int rounds) {
        int matched = 0;
        for (int i = 0; i < rounds; i++) {
            matched += selector.matches(message) ? 1 : 0;
        }
        return matched;
    }
}
