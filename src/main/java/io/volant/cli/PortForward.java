package io.volant.cli;

import io.volant.cli.http.ApiClient;
import io.volant.cli.http.ApiPath;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "port-forward",
    description = {
      "Leads ports of this machine to TCP ports on a VM's loopback, until Ctrl-C.",
      "LOCAL is the same as REMOTE if it is left out, and any free port if it is 0 or empty."
    })
final class PortForward implements Callable<Integer> {

  private final Session session;

  @Parameters(index = "0", paramLabel = "NAME", description = "The VM.")
  private String name = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "[LOCAL:]REMOTE",
      description = "A port here and the port in the VM.")
  private List<String> ports = List.of();

  @Option(
      names = "--address",
      paramLabel = "ADDRESS",
      description = "Where to listen (default 127.0.0.1). Whoever reaches it reaches the VM.")
  private String address = "127.0.0.1";

  PortForward(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    List<ForwardedPort> wanted = new ArrayList<>();
    for (String port : ports) {
      wanted.add(ForwardedPort.of(port));
    }
    InetAddress here = here();
    ApiClient api = session.api();
    String status = VmState.of(api.get(ApiPath.of("vms", name)).body()).status();
    if (!status.equals("running")) {
      throw new CliFailure(
          ExitCode.CONFLICT, "VM '" + name + "' is " + status + "; start it first");
    }
    // To leave with Ctrl-C is what this command is left with: no error, unlike what the JVM says.
    try (Forwarding forwarding = new Forwarding(api.bytes(), session.terminal(), name);
        ExitHook _ = ExitHook.of(() -> Runtime.getRuntime().halt(ExitCode.OK.number()))) {
      for (ForwardedPort port : wanted) {
        forwarding.listen(here, port);
      }
      forwarding.start();
      forwarding.end().get();
    } catch (InterruptedException stopped) {
      return ExitCode.OK.number();
    } catch (ExecutionException broken) {
      throw new CliFailure(ExitCode.INTERNAL, String.valueOf(broken.getCause()));
    }
    return ExitCode.OK.number();
  }

  private InetAddress here() throws CliFailure {
    try {
      return InetAddress.getByName(address);
    } catch (UnknownHostException unknown) {
      throw new CliFailure(ExitCode.USAGE, "'" + address + "' is not an address of this machine");
    }
  }
}
