package io.volant.adapter.guestlink;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The real agent as an ordinary process that serves its link on a unix socket. */
final class KestrelProcess implements AutoCloseable {

  private static final Path BINARY = Path.of("kestrel", "build", "kestrel").toAbsolutePath();

  private final Process process;

  private KestrelProcess(Process process) {
    this.process = process;
  }

  /** Starts the agent with a workload; its files are in the folder, its link on the socket. */
  static KestrelProcess start(Path folder, Path socket, List<String> workload) throws IOException {
    if (!Files.isExecutable(BINARY)) {
      throw new IllegalStateException("there is no " + BINARY + ": run make -C kestrel");
    }
    StringBuilder document = new StringBuilder("boot=1\0vm=7\0");
    workload.forEach(word -> document.append("arg=").append(word).append('\0'));
    Path boot = folder.resolve("boot");
    Files.writeString(boot, document, StandardCharsets.UTF_8);
    Process process =
        new ProcessBuilder(
                BINARY.toString(),
                "--boot",
                boot.toString(),
                "--link",
                "unix:" + socket,
                "--console",
                folder.resolve("console").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    return new KestrelProcess(process);
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
