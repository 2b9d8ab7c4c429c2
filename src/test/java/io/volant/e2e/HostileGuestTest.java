package io.volant.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveOutputStream;
import org.apache.commons.compress.archivers.cpio.CpioConstants;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real guest whose PID 1 is no agent of ours, and speaks nonsense where the agent should be. */
@Tag("vm")
class HostileGuestTest {

  private static final String INIT =
      """
      #!/bin/busybox sh
      b=/bin/busybox
      $b mkdir -p /proc /dev
      $b mount -t proc proc /proc
      $b mount -t devtmpfs dev /dev
      for m in $($b tr '\\0' '\\n' </volant/boot | $b sed -n 's/^module=//p'); do
        $b insmod "$m"
      done
      while :; do
        for port in /dev/vport*; do
          [ -c "$port" ] || continue # not there yet: a file of that name would fill the memory
          $b cat /dev/urandom >"$port"
        done
      done
      """;

  @TempDir private static Path home;

  @Test
  void a_guest_that_speaks_nonsense_ends_as_a_failed_start_and_hurts_nobody() throws Exception {
    Path image = home.resolve("hostile.cpio");
    writeImage(image);
    try (RealDaemon daemon = new RealDaemon(home, 3, "-Dvolant.vm.start-timeout=15s")) {
      daemon.start();
      daemon.json("POST", "/api/v1/plugins", manifest(image), 201);
      daemon.json("POST", "/api/v1/vms", "{\"name\": \"bad\", \"plugin\": \"hostile\"}", 201);
      Awaitility.await("the start is given up")
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(100))
          .until(() -> daemon.vm("bad").get("status").asText().equals("crashed"));
      JsonNode vm = daemon.vm("bad");
      assertThat(vm.get("reason").asText()).contains("agent");
      assertThat(daemon.call("GET", "/healthz", "").statusCode()).isEqualTo(200);
      assertThat(daemon.leaks().processes()).isEmpty();
      assertThat(daemon.leaks().taps()).isEmpty();
    }
  }

  private static String manifest(Path image) {
    return """
    {"schema_version": "1.0", "name": "hostile", "version": "1", "runtime": "hostile",
     "initramfs": {"url": "%s"}, "resources": {"cpu_cores": 1, "memory_mb": 96},
     "workload": {"type": "http", "entrypoint": ["/bin/true"],
                  "base_url": "http://127.0.0.1:80"}}
    """
        .formatted(image);
  }

  private static void writeImage(Path image) throws IOException {
    try (OutputStream file = Files.newOutputStream(image);
        CpioArchiveOutputStream cpio = new CpioArchiveOutputStream(file)) {
      add(cpio, "bin", CpioConstants.C_ISDIR, new byte[0]);
      add(cpio, "bin/busybox", CpioConstants.C_ISREG, Files.readAllBytes(Path.of("/bin/busybox")));
      add(cpio, "init", CpioConstants.C_ISREG, INIT.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void add(CpioArchiveOutputStream cpio, String name, int type, byte[] content)
      throws IOException {
    CpioArchiveEntry entry = new CpioArchiveEntry(name, content.length);
    entry.setMode(type | 0755);
    cpio.putArchiveEntry(entry);
    cpio.write(content);
    cpio.closeArchiveEntry();
  }
}
