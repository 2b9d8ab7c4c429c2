package io.volant.fledge.step;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.Progress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds released kestrels: by a URL with {@code {version}} in it, and beside it a file with the
 * same name and {@code .sha256} behind, as {@code sha256sum} writes it.
 */
public final class Releases {
  /** The environment variable that says where releases are. */
  public static final String VARIABLE = "FLEDGE_RELEASE_URL";

  private static final String PLACE = "{version}";
  private static final Pattern SUM = Pattern.compile("([0-9a-fA-F]{64})(?:[ \\t][^\\r\\n]*)?\\s*");

  private final String template;
  private final Downloads downloads;

  /**
   * @param template a URL with {@code {version}} in it; null or empty: nobody has said where
   */
  public Releases(@Nullable String template, Downloads downloads) {
    this.template = template == null ? "" : template;
    this.downloads = downloads;
  }

  /** The released program, checked against its checksum file. */
  byte[] kestrel(String version, Progress progress) throws BuildFailure {
    if (template.isEmpty()) {
      throw new BuildFailure(
          ExitCode.INPUT,
          "source_strategy release needs "
              + VARIABLE
              + ", a URL with {version} in it; without [agent] the kestrel that came with this fledge is"
              + " used");
    }
    if (!template.contains(PLACE)) {
      throw new BuildFailure(
          ExitCode.INPUT, VARIABLE + " must have {version} in it, was " + template);
    }
    URI url = url(template.replace(PLACE, version));
    progress.detail("kestrel: " + url);
    return downloads.fetch(url, sum(url(url + ".sha256")));
  }

  private String sum(URI url) throws BuildFailure {
    String text = new String(downloads.fetch(url, null), StandardCharsets.UTF_8);
    Matcher sum = SUM.matcher(text);
    if (!sum.matches()) {
      throw new BuildFailure(
          ExitCode.DOWNLOAD, url + " is not a checksum file: 64 hexadecimal digits are expected");
    }
    return sum.group(1).toLowerCase(Locale.ROOT);
  }

  private static URI url(String text) throws BuildFailure {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException broken) {
      throw new BuildFailure(ExitCode.INPUT, VARIABLE + " is not a URL: " + text);
    }
  }
}
