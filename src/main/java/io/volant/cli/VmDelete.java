package io.volant.cli;

import io.volant.cli.http.ApiClient;
import io.volant.cli.http.ApiFailure;
import io.volant.cli.http.ApiPath;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "delete",
    aliases = "rm",
    description = "Deletes VMs and their disks. One that runs is stopped first.")
final class VmDelete implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Session session;

  @Parameters(arity = "1..*", paramLabel = "NAME", description = "The VMs.")
  private List<String> names = new ArrayList<>();

  VmDelete(Session session) {
    this.session = session;
  }

  /** One that cannot be deleted does not keep the others; the first failure gives the exit code. */
  @Override
  public Integer call() throws Exception {
    ApiClient api = session.api();
    ExitCode result = ExitCode.OK;
    for (String name : names) {
      try {
        api.delete(ApiPath.of("vms", name), PATIENCE);
        if (!session.wantsJson()) {
          session.terminal().print(name + " is deleted");
        }
      } catch (ApiFailure.Refused refused) {
        ExitCode code =
            Volar.complain(session.terminal(), ExitCode.of(refused), refused.getMessage());
        result = result == ExitCode.OK ? code : result;
      }
    }
    return result.number();
  }
}
