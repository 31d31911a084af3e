package io.posthorn.wire.selector;

import static io.posthorn.wire.selector.Verdicts.assertAll;
import static io.posthorn.wire.selector.Verdicts.assertVerdicts;
import static io.posthorn.wire.selector.Verdicts.message;
import static io.posthorn.wire.selector.Verdicts.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.posthorn.wire.message.Envelope;
import org.junit.jupiter.api.Test;

class SelectorNumbersTest {

    private static final Envelope EMPTY = message();

    @Test
    void shouldReadExactLiteralsOfAllRadixes() {
        assertAll(
                "TRUE",
                message("a", 29L, "b", -957, "c", 62),
                "a = 29",
                "a = 29L",
                "a = 29l",
                "a = 0x1d",
                "a = 0X1DL",
                "a = 035",
                "a = 0b11101",
                "a = 2_9",
                "a = 0x1_d",
                "a = 0_35",
                "b = -957",
                "b = - 957",
                "c = +62",
                "b = - 0x3BD",
                "b = -01675",
                "0 = 00",
                "a = +29",
                "a = - -29",
                "a = -+-29");
    }

    @Test
    void shouldReadTheWholeRangeOfLong() {
        Envelope message = message("min", Long.MIN_VALUE, "max", Long.MAX_VALUE, "m", -1L);
        assertAll(
                "TRUE",
                message,
                "min = -9223372036854775808",
                "min = -9223372036854775808L",
                "max = 9223372036854775807",
                "max = 9223372036854775807L",
                "max = +9223372036854775807",
                "max = 0x7fffffffffffffff",
                "min = 0x8000000000000000",
                "m = 0xffffffffffffffff",
                "m = 01777777777777777777777",
                "max - 1 < max",
                "max + 1 = min",
                "-min = min",
                "min / -1 = min",
                "4294967295 = 0xFFFFFFFF");
    }

    @Test
    void shouldReadApproximateLiterals() {
        assertAll(
                "TRUE",
                message("a", 7000.0, "b", -57900.0, "c", 0.5f, "d", -95.7),
                "a = 7E3",
                "a = 7e3",
                "a = 7000.",
                "a = .7e4",
                "a = 7.e3",
                "a = 7.0E+3",
                "a = 7000d",
                "a = 7000F",
                "a = 70000e-1",
                "b = -57.9E3",
                "b = -57.9e3D",
                "c = .5",
                "c = 0.5",
                "c = 5e-1f",
                "c = 0x1p-1",
                "c = 0x.8p0",
                "d = -95.7",
                "d < -95.",
                "a = 7_000.0",
                "a = 07000.0",
                "09.5 = 9.5");
    }

    @Test
    void shouldRefuseNumbersThatJavaRefuses() {
        for (String number : new String[] {
            "9223372036854775808",
            "-9223372036854775809",
            "0x10000000000000000",
            "02000000000000000000000",
            "089",
            "0x",
            "0b2",
            "0b",
            "1e",
            "1e+",
            "1e400",
            "-1e400",
            "1e39f",
            "1_",
            "0x_1",
            "1_.5",
            "1._5",
            "1e_5",
            "0x1.8",
            "5abc",
            "5l5",
            "1.2.3",
            "1e5L",
            "5and",
            "0b1.0",
            "7.5L"
        }) {
            assertThat(refusal("a = " + number)).as(number).startsWith("Bad selector at column ");
        }
        assertThat(refusal("a - 9223372036854775808 = 1")).contains("column 5").contains("range of long");
    }

    @Test
    void shouldCompareExactWithApproximateNumbers() {
        Envelope message = message("b", (byte) 2, "s", (short) 2, "i", 2, "l", 2L, "f", 2.0f, "d", 2.0);
        String[] names = {"b", "s", "i", "l", "f", "d", "2", "2.0", "2f"};
        for (String left : names) {
            for (String right : names) {
                assertAll(
                        "TRUE",
                        message,
                        left + " = " + right,
                        left + " <= " + right,
                        left + " >= " + right,
                        left + " < " + right + " + 1",
                        left + " > " + right + " - 0.5",
                        left + " <> " + right + " * 2");
                assertAll(
                        "FALSE",
                        message,
                        left + " <> " + right,
                        left + " < " + right,
                        left + " > " + right,
                        left + " >= " + right + " + 1",
                        left + " <= " + right + " - 0.5");
            }
        }
    }

    @Test
    void shouldWidenFloatsAndNotRoundLiterals() {
        Envelope message = message("f", 0.1f, "big", (1L << 53) + 1);
        assertAll(
                "TRUE",
                message,
                "f = 0.1f",
                "f > 0.1",
                "big > 9007199254740992",
                "big = 9007199254740993",
                "big = 9007199254740992.0");
        assertAll("FALSE", message, "f = 0.1", "big = 9007199254740992", "0.1f = 0.1");
    }

    @Test
    void shouldComputeWithPrecedence() {
        Envelope message = message("a", 5, "b", -10, "c", 2.5, "d", 3);
        assertAll(
                "TRUE",
                message,
                "a + b * 2 = -15",
                "(a + b) * 2 = -10",
                "a - b - d = 12",
                "a - (b - d) = 18",
                "-a + b = -15",
                "-(a + b) = 5",
                "2 * 3 + 4 * 5 = 26",
                "100 / 5 / 2 = 10",
                "100 / (5 / 2) = 50",
                "a / 2 = 2",
                "b / 3 = -3",
                "a / 2.0 = 2.5",
                "a / 2 * 2.0 = 4",
                "a*2 = 10 AND b/2 = -5",
                "a+5 = 10 AND a-5 = 0",
                "a - -5 = 10",
                "c * 2 = a",
                "a--5=10",
                "+a = 5",
                "a + c > 7.4 AND a + c < 7.6",
                "a * d - d * a = 0",
                "1 + 2 = d");
    }

    @Test
    void shouldComputeIntsAsLongs() {
        assertAll(
                "TRUE",
                message("a", Integer.MAX_VALUE),
                "a + 1 = 2147483648",
                "a * a = 4611686014132420609",
                "2147483647 + 1 > 0");
    }

    @Test
    void shouldFindExactDivisionByZeroUnknown() {
        assertAll(
                "UNKNOWN",
                message("a", 5, "zero", 0),
                "a / zero = 1",
                "a / 0 = 1",
                "a / 0 <> a / 0",
                "1 / 0 > 0",
                "a + 1 / zero < 9",
                "NOT a / zero = 1",
                "a BETWEEN 1 / 0 AND 9",
                "a / (zero * 2) > 0");
        assertAll("TRUE", message("a", 5, "zero", 0), "a = 5 OR a / zero = 1", "a / 0.0 > 1e300", "-a / 0. < -1e300");
    }

    @Test
    void shouldCompareNaNAndZeroesAsJava() {
        Envelope message =
                message("nan", Double.NaN, "fnan", Float.NaN, "inf", Double.POSITIVE_INFINITY, "minus", -0.0);
        assertAll(
                "FALSE",
                message,
                "nan = nan",
                "nan < 1",
                "nan >= 1",
                "nan = fnan",
                "nan = 0.0",
                "nan BETWEEN 0 AND 1",
                "nan NOT BETWEEN 0 AND 1",
                "inf - inf = 0",
                "0.0 / 0 = 0");
        assertAll(
                "TRUE",
                message,
                "nan <> nan",
                "nan <> 1",
                "inf > 9223372036854775807",
                "minus = 0",
                "minus = 0.0",
                "1 / minus < 0",
                "1 / -minus > 0",
                "1 / (0.0 * -1) < 0",
                "inf = inf + 1");
    }

    @Test
    void shouldNotConvertBetweenStringsAndNumbers() {
        assertVerdicts(message("NumberOfOrders", "2", "n", 2), new String[][] {
            {"NumberOfOrders > 1", "FALSE"},
            {"NumberOfOrders = 2", "FALSE"},
            {"n = '2'", "FALSE"},
            {"NumberOfOrders + 0 > 1", "FALSE"},
            {"NumberOfOrders = '2'", "TRUE"},
        });
        assertAll("TRUE", EMPTY, "NumberOfOrders IS NULL");
    }
}
