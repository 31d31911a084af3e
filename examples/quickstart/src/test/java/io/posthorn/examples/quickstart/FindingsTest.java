package io.posthorn.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class FindingsTest {
    private static final List<String> ORDERS = List.of(
            "PH-1,2026-09-01T06:26:17,A B,FR,SC-9100,Scissors 18 cm,2,10.95",
            "PH-2,2026-09-01T06:40:28,C D,DE,ER-4100,Eraser,20,1.00");
    private static final String FIRST = "PH-1,A B,21.90,4.38,26.28";
    private static final String SECOND = "PH-2,C D,19.00,3.61,22.61";

    @Test
    void shouldBeCleanWhenEveryOrderIsThereOnceInAnyOrder() {
        assertThat(Findings.compare(ORDERS, List.of(SECOND, FIRST)).areClean()).isTrue();
    }

    @Test
    void shouldFindAMissingOrder() {
        Findings findings = Findings.compare(ORDERS, List.of(SECOND));

        assertThat(findings.missing()).containsExactly("PH-1");
        assertThat(findings.areClean()).isFalse();
    }

    @Test
    void shouldFindARepeatedOrder() {
        Findings findings = Findings.compare(ORDERS, List.of(FIRST, SECOND, SECOND));

        assertThat(findings.repeated()).containsExactly("PH-2");
        assertThat(findings.areClean()).isFalse();
    }

    @Test
    void shouldFindAnInvoiceWithAnotherContent() {
        Findings findings = Findings.compare(ORDERS, List.of(FIRST, "PH-2,C D,19.00,3.61,22.62"));

        assertThat(findings.wrong()).containsExactly("PH-2,C D,19.00,3.61,22.62");
        assertThat(findings.areClean()).isFalse();
    }

    @Test
    void shouldFindWhatNobodyOrdered() {
        Findings findings = Findings.compare(ORDERS, List.of(FIRST, SECOND, "PH-9,E F,1.00,0.19,1.19", "garbage"));

        assertThat(findings.wrong()).containsExactly("PH-9,E F,1.00,0.19,1.19", "garbage");
        assertThat(findings.areClean()).isFalse();
    }
}
