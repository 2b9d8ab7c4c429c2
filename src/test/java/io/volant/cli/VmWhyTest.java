package io.volant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VmWhyTest {

  private static final String WHY =
      """
      {"name":"web-1","status":"crashed","chain":[
       {"id":"vm/7#2","type":"vm.start_requested","timestamp":"2026-11-23T13:00:00.000Z","by":"alice","cause":"r-1",
        "sentence":"alice asked to start it, start 1"},
       {"id":"vm/7#12","type":"vm.exited","timestamp":"2026-11-23T13:05:00.000Z","by":"system","cause":"r-1",
        "sentence":"its hypervisor ended: killed by signal 9"}]}
      """;

  private ScriptedApi api;

  @BeforeEach
  void open() throws IOException {
    api = new ScriptedApi();
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void the_chain_is_told_in_sentences() throws IOException {
    api.on("GET /api/v1/vms/web-1/why", 200, WHY);
    VolarRun run = VolarRun.of(api, "vms", "why", "web-1");
    assertThat(run.exitCode()).isZero();
    Golden.matches("vms-why.txt", run.out());
  }

  @Test
  void a_deleted_vm_is_asked_for_as_such() {
    api.on("GET /api/v1/vms/web-1/why?deleted=true", 200, WHY);
    assertThat(VolarRun.of(api, "vms", "why", "web-1", "--deleted").exitCode()).isZero();
  }
}
