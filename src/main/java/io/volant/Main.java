package io.volant;

import io.volant.api.ApiKey;
import io.volant.api.Role;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@code volantd}: the control plane of a host. */
public final class Main {

  private static final int EXIT_FAILURE = 1;
  private static final int EXIT_USAGE = 2;
  private static final int EXIT_CONFIG = 78; // EX_CONFIG of sysexits.h, which systemd shows by name

  private Main() {}

  /**
   * Runs until it is told to stop (SIGTERM, Ctrl-C).
   *
   * @param arguments none; {@code --check-config} to check the settings and leave; {@code
   *     --new-api-key NAME ROLE} to print a new key and its line of configuration; {@code
   *     --training} to exercise a simulated host once, for the build's start-up cache
   */
  public static void main(String[] arguments) {
    System.exit(run(List.of(arguments), System.out, System.err));
  }

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    try {
      return switch (arguments) {
        case List<String> none when none.isEmpty() -> serve();
        case List<String> one when one.equals(List.of("--check-config")) -> checkConfig(out);
        case List<String> one when one.equals(List.of("--version")) -> say(out, Version.text());
        case List<String> one when one.equals(List.of("--training")) -> Training.run();
        case List<String> three
            when three.size() == 3 && three.getFirst().equals("--new-api-key") ->
            newApiKey(three.get(1), three.get(2), out, err);
        case List<String> _ -> {
          err.println(
              "volantd: usage: volantd [--check-config | --new-api-key NAME ROLE | --version];"
                  + " settings are in config/application.conf");
          yield EXIT_USAGE;
        }
      };
    } catch (SettingsException wrong) {
      err.println("volantd: " + wrong.getMessage());
      return EXIT_CONFIG;
    } catch (IOException failure) {
      err.println("volantd: " + failure.getMessage());
      return EXIT_FAILURE;
    } catch (InterruptedException stopped) {
      return EXIT_FAILURE;
    }
  }

  private static int serve() throws IOException, InterruptedException {
    Settings settings = Settings.load(System.getenv(), Version.text());
    Daemon daemon = Daemon.start(settings, EngineConfig.load(System.getenv()));
    Thread end = new Thread(daemon::close, "volantd-end");
    Runtime.getRuntime().addShutdownHook(end);
    Thread.currentThread().join(); // until the signal
    return 0;
  }

  private static int checkConfig(PrintStream out) throws IOException {
    Settings settings = Settings.load(System.getenv(), Version.text());
    Doors.tls(settings.api().doors());
    return say(out, "volantd: the settings are good; home is " + settings.home());
  }

  private static int newApiKey(String name, String roleName, PrintStream out, PrintStream err) {
    Optional<Role> role =
        Stream.of(Role.values()).filter(each -> each.text().equals(roleName)).findFirst();
    if (role.isEmpty()
        || !ApiKey.NAME.matcher(name).matches()
        || ApiKey.RESERVED.contains(name)
        || name.equals(ApiKey.SINGLE)) {
      err.println(
          "volantd: --new-api-key NAME ROLE: the name is 1 to 63 of letters, digits, dot, underscore"
              + " and hyphen (not system, local or api-key), the role viewer, operator or admin");
      return EXIT_USAGE;
    }
    String key = ApiKey.random();
    say(out, "# the key, shown only now; its holder sends it in X-Volant-API-Key:");
    say(out, key);
    say(out, "# for config/application.conf; restart volantd after that:");
    return say(out, ApiKey.of(name, role.get(), key).configLine());
  }

  private static int say(PrintStream out, String line) {
    out.println(line);
    return 0;
  }
}
