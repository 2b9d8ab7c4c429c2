package io.volant.fledge;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** Which fledge this is. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {line()};
  }

  static String line() {
    // The jar's manifest has it; classes run from a folder have none.
    String version = Fledge.class.getPackage().getImplementationVersion();
    return "fledge " + Objects.requireNonNullElse(version, "development");
  }
}
