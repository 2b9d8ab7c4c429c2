package io.volant.manifest;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The rules of a manifest that its schema cannot say: about numbers inside text, and about fields
 * together.
 */
final class ManifestRules {
  private static final int PORT_MAX = 65535;
  private static final int OCTET_MAX = 255;

  private ManifestRules() {}

  static List<ManifestProblem> brokenBy(PluginManifest manifest) {
    List<ManifestProblem> problems = new ArrayList<>();
    checkWorkload(manifest.workload(), problems);
    checkLocations(manifest, problems);
    checkOverlay(manifest.bootMedium(), problems);
    checkDiskNames(manifest.disks(), problems);
    NetworkSettings network = manifest.network();
    if (network != null) {
      checkExposed(network.expose(), problems);
    }
    return problems;
  }

  private static void checkWorkload(Workload workload, List<ManifestProblem> problems) {
    if (workload.entrypoint().getFirst().isEmpty()) {
      problems.add(
          new ManifestProblem("workload.entrypoint[0]", "must be the program to run, was empty"));
    }
    if (!hasAddressAndPort(workload.baseUrl())) {
      problems.add(
          new ManifestProblem(
              "workload.base_url",
              "must have localhost or an IPv4 address and a port from 1 to 65535, was "
                  + Shown.text(workload.baseUrl())));
    }
  }

  private static boolean hasAddressAndPort(String url) {
    if (!isUri(url)) {
      return false;
    }
    URI uri = URI.create(url);
    String host = uri.getHost();
    return host != null
        && uri.getPort() >= 1
        && uri.getPort() <= PORT_MAX
        && (host.equals("localhost") || isIpv4(host));
  }

  private static boolean isIpv4(String host) {
    for (String octet : host.split("\\.", -1)) {
      // The schema has seen to four groups of one to three digits.
      if (Integer.parseInt(octet) > OCTET_MAX) {
        return false;
      }
    }
    return true;
  }

  private static void checkLocations(PluginManifest manifest, List<ManifestProblem> problems) {
    String medium =
        switch (manifest.bootMedium()) {
          case Initramfs _ -> "initramfs.url";
          case Rootfs _ -> "rootfs.url";
        };
    checkLocation(medium, manifest.bootMedium().url(), problems);
    for (int i = 0; i < manifest.disks().size(); i++) {
      checkLocation("disks[" + i + "].source", manifest.disks().get(i).source(), problems);
    }
    String openapi = manifest.openapi();
    if (openapi != null) {
      checkLocation("openapi", openapi, problems);
    }
  }

  private static void checkLocation(String field, String location, List<ManifestProblem> problems) {
    if (!location.startsWith("/") && !isUri(location)) {
      problems.add(
          new ManifestProblem(
              field,
              "is not a well-formed URL (is a space or % not encoded?): " + Shown.text(location)));
    }
  }

  private static boolean isUri(String text) {
    try {
      URI uri = URI.create(text);
      return uri.getScheme() != null;
    } catch (IllegalArgumentException broken) {
      return false;
    }
  }

  private static void checkOverlay(BootMedium medium, List<ManifestProblem> problems) {
    if (medium instanceof Rootfs rootfs
        && rootfs.overlay() == OverlayKind.DISK
        && rootfs.overlaySize() != null
        && rootfs.overlaySize().endsWith("%")) {
      problems.add(
          new ManifestProblem(
              "rootfs.overlay_size",
              "must be a number with K, M, G or T for an overlay on a disk, was "
                  + Shown.text(rootfs.overlaySize())));
    }
  }

  private static void checkDiskNames(List<Disk> disks, List<ManifestProblem> problems) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < disks.size(); i++) {
      String name = disks.get(i).name();
      if (!seen.add(name)) {
        problems.add(
            new ManifestProblem(
                "disks[" + i + "].name", "is used by an earlier disk too: " + name));
      }
    }
  }

  private static void checkExposed(List<Expose> exposed, List<ManifestProblem> problems) {
    record HostPort(Protocol protocol, int port) {}
    Set<HostPort> seen = new HashSet<>();
    for (int i = 0; i < exposed.size(); i++) {
      Integer port = exposed.get(i).hostPort();
      if (port == null) {
        continue;
      }
      Protocol protocol = exposed.get(i).protocol() == Protocol.UDP ? Protocol.UDP : Protocol.TCP;
      if (!seen.add(new HostPort(protocol, port))) {
        problems.add(
            new ManifestProblem(
                "network.expose[" + i + "].host_port", "is used by an earlier entry too: " + port));
      }
    }
  }
}
