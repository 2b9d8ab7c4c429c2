package io.volant.fledge.oci;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.OneLine;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one reference, by the rules of Docker and of the tools that know its prefixes. */
final class ReferenceReader {
  private static final Pattern REPOSITORY =
      Pattern.compile(
          "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*");
  private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
  private static final int NAME_MAX = 255;
  private static final String DEFAULT_TAG = "latest";
  private static final String DIGEST = "sha256:";

  private final String written;
  private final Path folder;

  ReferenceReader(String written, Path folder) {
    this.written = written;
    this.folder = folder;
  }

  ImageReference read() throws BuildFailure {
    String docker = after("docker://");
    if (docker != null) {
      return new ImageReference.Registry(written, registryName(docker));
    }
    String layout = after("oci:");
    if (layout != null) {
      int colon = layout.indexOf(':');
      return new ImageReference.Layout(written, path(layout, colon), tag(layout, colon));
    }
    String archive = after("docker-archive:");
    if (archive != null) {
      int colon = archive.indexOf(':');
      return new ImageReference.Archive(written, path(archive, colon), tag(archive, colon));
    }
    String daemon = after("docker-daemon:");
    if (daemon != null) {
      registryName(daemon); // only to check it; docker itself is given what was written
      return new ImageReference.Daemon(written, daemon);
    }
    if (written.contains("://")) {
      throw mistake("only docker:// is allowed before ://");
    }
    return new ImageReference.Registry(written, registryName(written));
  }

  private @Nullable String after(String prefix) {
    return written.startsWith(prefix) ? written.substring(prefix.length()) : null;
  }

  private Path path(String text, int colon) throws BuildFailure {
    String name = colon < 0 ? text : text.substring(0, colon);
    if (name.isEmpty()) {
      throw mistake("a file or folder must follow the first colon");
    }
    try {
      return folder.resolve(name).normalize();
    } catch (InvalidPathException notAPath) {
      throw mistake("what follows the first colon cannot be a file");
    }
  }

  /** A tag, or a name with a tag: archives know both. */
  private @Nullable String tag(String text, int colon) throws BuildFailure {
    if (colon < 0) {
      return null;
    }
    String tag = text.substring(colon + 1);
    if (!TAG.matcher(tag).matches()) {
      registryName(tag);
    }
    return tag;
  }

  /** A name in a registry, with what goes without saying. */
  RegistryName registryName(String text) throws BuildFailure {
    String left = text;
    String digest = null;
    int at = left.indexOf('@');
    if (at >= 0) {
      digest = digest(left.substring(at + 1));
      left = left.substring(0, at);
    }
    String tag = DEFAULT_TAG;
    int colon = left.lastIndexOf(':');
    if (colon > left.lastIndexOf('/')) {
      tag = left.substring(colon + 1);
      left = left.substring(0, colon);
      if (!TAG.matcher(tag).matches()) {
        throw mistake(
            "a tag has 1 to 128 letters, digits, '_', '.' or '-', and begins with none of the last two");
      }
    }
    String host = host(left);
    String repository = host == null ? left : left.substring(host.length() + 1);
    if (!REPOSITORY.matcher(repository).matches() || left.length() > NAME_MAX) {
      throw mistake(
          "an image's name has lower-case letters and digits, single '.', '_' or '-' between them,"
              + " '/' between its parts, and 255 characters at most");
    }
    if (host == null || host.equals("index.docker.io")) {
      host = RegistryHost.DOCKER_HUB.name();
    }
    boolean official = host.equals(RegistryHost.DOCKER_HUB.name()) && !repository.contains("/");
    return new RegistryName(host, official ? "library/" + repository : repository, tag, digest);
  }

  /** The first part is a host when it cannot be part of a name at Docker Hub. */
  private @Nullable String host(String text) throws BuildFailure {
    int slash = text.indexOf('/');
    String first = slash < 0 ? "" : text.substring(0, slash);
    boolean isHost = first.contains(".") || first.contains(":") || first.equals("localhost");
    if (!isHost) {
      return null;
    }
    if (!RegistryHost.isWellFormed(first)) {
      throw mistake("\"" + first + "\" is not a host, or a host and a port");
    }
    return first;
  }

  private String digest(String text) throws BuildFailure {
    if (!text.startsWith(DIGEST) || !Digest.isHex(text.substring(DIGEST.length()))) {
      throw mistake("after @ there must be sha256: and 64 lower-case hexadecimal digits");
    }
    return text;
  }

  private BuildFailure mistake(String rule) {
    return new BuildFailure(
        ExitCode.RECIPE,
        OneLine.of("\"" + written + "\" is not the reference of an image: " + rule));
  }
}
