package io.volant.cli;

import io.volant.cli.http.ApiClient;
import io.volant.cli.http.ApiPath;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "remove", aliases = "rm", description = "Removes a plugin that no VM uses.")
final class PluginRemove implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "PLUGIN", description = "The plugin.")
  private String name = "";

  @Option(
      names = "--force",
      description = "Remove it although VMs use it; they keep what they were made from.")
  private boolean force;

  PluginRemove(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    ApiPath path = ApiPath.of("plugins", name);
    session.api().delete(force ? path.with("force", "true") : path, ApiClient.PATIENCE);
    if (!session.wantsJson()) {
      session.terminal().print(name + " is removed");
    }
    return ExitCode.OK.number();
  }
}
