package io.volant.adapter.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.volant.adapter.process.ProcessTable.ProcessIdentity;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessTableTest {

  private final ProcessTable table = new ProcessTable();

  @Test
  void a_process_is_found_by_pid_and_by_words_until_it_ends() throws Exception {
    Process process = new ProcessBuilder("sleep", "3607").start();
    ProcessIdentity identity = table.find(process.pid()).orElseThrow();

    assertThat(identity.startTicks()).isPositive();
    assertThat(table.matching(words -> words.equals(List.of("sleep", "3607"))))
        .singleElement()
        .satisfies(found -> assertThat(found.identity()).isEqualTo(identity));

    process.destroyForcibly().waitFor();
    assertThat(table.find(process.pid())).isEmpty();
  }

  @Test
  void a_name_with_parentheses_and_spaces_does_not_shift_the_fields() throws IOException {
    String rest = " 1 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 987654 1000 200";

    assertThat(ProcessTable.parse(7, "7 (a) b) (c) S" + rest))
        .contains(new ProcessIdentity(7, 987654));
    assertThat(ProcessTable.parse(7, "7 (gone) Z" + rest)).isEmpty();
  }

  @Test
  void what_is_no_stat_line_is_a_failure_and_not_an_absence() {
    assertThatThrownBy(() -> ProcessTable.parse(7, "nonsense"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("/proc/7/stat");
  }

  @Test
  void the_boot_id_is_stable() throws IOException {
    assertThat(table.bootId()).hasSize(36).isEqualTo(table.bootId());
  }
}
