package io.volant.cli;

import io.volant.cli.http.ApiAnswer;
import io.volant.cli.http.ApiFailure;
import io.volant.cli.http.ApiPath;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "list", aliases = "ls", description = "Lists VMs.")
final class VmList implements Callable<Integer> {
  private final Session session;
  @Mixin private WatchOption watching = new WatchOption();

  @Option(
      names = "--status",
      split = ",",
      paramLabel = "STATUS",
      description = "Only VMs in one of these states.")
  private List<String> statuses = new ArrayList<>();

  @Option(names = "--runtime", paramLabel = "RUNTIME", description = "Only VMs with this runtime.")
  private @Nullable String runtime;

  @Option(
      names = "--plugin",
      paramLabel = "PLUGIN",
      description = "Only VMs made from this plugin.")
  private @Nullable String plugin;

  @Option(
      names = {"-q", "--query"},
      paramLabel = "TEXT",
      description = "Only VMs with this text in name, address or runtime.")
  private @Nullable String query;

  @Option(names = "--limit", paramLabel = "N", description = "At most so many.")
  private @Nullable Integer limit;

  @Option(names = "--offset", paramLabel = "N", description = "Leave out so many at the beginning.")
  private @Nullable Integer offset;

  @Option(
      names = "--sort",
      paramLabel = "FIELD",
      description = "created_at, updated_at, name, status or runtime.")
  private @Nullable String sort;

  @Option(names = "--order", paramLabel = "ORDER", description = "asc or desc.")
  private @Nullable String order;

  VmList(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    return watching.show(session, "vm", this::show);
  }

  private int show() throws ApiFailure, CliFailure {
    ApiAnswer answer = session.api().get(path());
    Terminal terminal = session.terminal();
    if (session.wantsJson()) {
      terminal.printJson(answer.body());
    } else if (session.wantsNames()) {
      answer.body().forEach(vm -> terminal.print(terminal.safe(vm.path("name").asText(""))));
    } else {
      VmView.list(answer.body(), terminal, session.clock().instant());
      tellWhatIsMissing(answer.body().size(), answer.header("X-Total-Count").orElse(""));
    }
    return ExitCode.OK.number();
  }

  private ApiPath path() {
    ApiPath path = ApiPath.of("vms");
    path = statuses.isEmpty() ? path : path.with("status", String.join(",", statuses));
    path = with(path, "runtime", runtime);
    path = with(path, "plugin", plugin);
    path = with(path, "q", query);
    path = with(path, "limit", limit);
    path = with(path, "offset", offset);
    path = with(path, "sort", sort);
    return with(path, "order", order);
  }

  private static ApiPath with(ApiPath path, String name, @Nullable Object value) {
    return value == null ? path : path.with(name, value);
  }

  /** A list that was cut off must not look complete. */
  private void tellWhatIsMissing(int shown, String total) {
    boolean cut = limit != null || offset != null;
    if (cut && !total.isEmpty() && !total.equals(Integer.toString(shown))) {
      session.terminal().tell("(" + shown + " of " + total + ")");
    }
  }
}
