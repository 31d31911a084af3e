package io.posthorn.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class InvoiceTest {
    @Test
    void shouldAddTheTaxOfTheCountry() {
        assertThat(invoice("PH-1,2026-09-01T06:26:17,Luca Moreau,FR,SC-9100,Scissors 18 cm,2,10.95"))
                .isEqualTo("PH-1,Luca Moreau,21.90,4.38,26.28");
    }

    @Test
    void shouldTakeFivePercentOffFromTwentyPiecesOn() {
        assertThat(invoice("PH-2,2026-09-01T06:26:17,Jonas Albers,DE,ER-4100,Eraser,19,1.00"))
                .contains(",19.00,");
        assertThat(invoice("PH-3,2026-09-01T06:26:17,Jonas Albers,DE,ER-4100,Eraser,20,1.00"))
                .contains(",19.00,3.61,22.61");
    }

    @Test
    void shouldNameTheCountryWithoutATaxRate() {
        assertThatThrownBy(() -> invoice("PH-4,2026-09-01T06:26:17,A B,XX,ER-4100,Eraser,1,1.00"))
                .hasMessageContaining("XX");
    }

    @Test
    void shouldShowTheLineThatIsNoOrder() {
        assertThatThrownBy(() -> Order.parse("PH-5,too short"))
                .hasMessageContaining("8 columns")
                .hasMessageContaining("PH-5,too short");
    }

    @Test
    void shouldInvoiceEveryOrderOfTheFile() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("orders.csv"));

        assertThat(lines).hasSize(2001);
        assertThat(lines.subList(1, lines.size()).stream()
                        .map(line -> Order.parse(line).number()))
                .doesNotHaveDuplicates();
        assertThat(lines.subList(1, lines.size()))
                .allSatisfy(line -> assertThat(invoice(line)).isNotBlank());
    }

    private static String invoice(String line) {
        return Invoice.of(Order.parse(line)).toLine();
    }
}
