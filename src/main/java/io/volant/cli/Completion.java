package io.volant.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "completion",
    description =
        "Prints a script that completes volar's commands and options: source <(volar completion bash)")
final class Completion implements Callable<Integer> {

  /** The shells that the script is for; it is the same one for both. */
  enum Shell {
    bash,
    zsh
  }

  private final Session session;

  @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}.")
  private Shell shell = Shell.bash;

  Completion(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    Terminal terminal = session.terminal();
    String script = AutoComplete.bash("volar", CommandTree.whole(session));
    switch (shell) {
      case bash -> {}
      case zsh -> terminal.print("autoload -U +X compinit && compinit");
    }
    terminal.out().print(script);
    return ExitCode.OK.number();
  }
}
