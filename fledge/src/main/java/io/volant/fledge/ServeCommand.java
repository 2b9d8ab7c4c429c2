package io.volant.fledge;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.serve.BuildServer;
import io.volant.fledge.serve.ServeSettings;
import io.volant.fledge.step.Workbench;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fledge serve}. */
@Command(
    name = "serve",
    description = "Builds over HTTP: GET /v1/healthz, POST /v1/build.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  @Option(
      names = "--addr",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:7070",
      description = "Where to listen (default: ${DEFAULT-VALUE}).")
  private String address = "127.0.0.1:7070";

  @Option(
      names = "--api-key",
      paramLabel = "KEY",
      defaultValue = "${env:FLEDGE_API_KEY}",
      description =
          "What callers must send as X-Volant-API-Key or Bearer. Other users of this machine can"
              + " see options, so better set FLEDGE_API_KEY.")
  private @Nullable String apiKey;

  @Option(
      names = "--cors-origins",
      paramLabel = "ORIGIN",
      split = ",",
      description = "The web pages that may call, such as http://localhost:3000.")
  private Set<String> origins = new LinkedHashSet<>();

  @Option(
      names = "--builds",
      paramLabel = "N",
      defaultValue = "2",
      description = "How many builds may run at once (default: ${DEFAULT-VALUE}).")
  private int builds;

  @Spec private @Nullable CommandSpec spec;

  private final Workbench workbench;

  ServeCommand(Workbench workbench) {
    this.workbench = workbench;
  }

  @Override
  public Integer call() throws InterruptedException {
    CommandLine command = Objects.requireNonNull(spec).commandLine();
    try {
      ServeSettings settings = ServeSettings.of(address, apiKey, origins, builds);
      BuildServer server = BuildServer.start(settings, workbench);
      Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop serving"));
      command
          .getOut()
          .println(
              "fledge: listening on http://"
                  + server.address().getAddress().getHostAddress()
                  + ":"
                  + server.address().getPort());
      // Until a signal ends the process.
      new CountDownLatch(1).await();
      return ExitCode.OK.number();
    } catch (BuildFailure failure) {
      failure.lines().forEach(line -> command.getErr().println("fledge: " + line));
      return failure.code().number();
    }
  }
}
