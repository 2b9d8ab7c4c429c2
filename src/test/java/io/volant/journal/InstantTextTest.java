package io.volant.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstantTextTest {

  private static final long YEAR_2200 = 7_258_118_400L;
  private static final int[] FRACTIONS = {0, 500_000_000, 123_000_000, 123_456_000, 7, 999_999_999};

  @Test
  void whatever_the_journal_writes_is_read_as_the_jdk_reads_it() {
    long seed = System.nanoTime();
    Random chance = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      long second = chance.nextLong(-YEAR_2200, YEAR_2200);
      Instant instant = Instant.ofEpochSecond(second, FRACTIONS[i % FRACTIONS.length]);
      assertThat(InstantText.read(instant.toString())).as("seed %d", seed).isEqualTo(instant);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Z",
        "2026-01-01",
        "2026-01-01T00:00:00",
        "2026-01-01T00:00:00+01:00",
        "2026-01-01t00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-01-32T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:60Z",
        "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00.1234567890Z",
        "2026-01-01T00:00:00.12a4Z",
        "+12026-01-01T00:00:00Z"
      })
  void another_form_is_left_to_the_jdk(String text) {
    assertThat(InstantText.read(text)).isNull();
  }
}
