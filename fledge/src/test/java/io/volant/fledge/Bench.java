package io.volant.fledge;

import io.volant.fledge.oci.ImageFetcher;
import io.volant.fledge.step.CachedImages;
import io.volant.fledge.step.Downloads;
import io.volant.fledge.step.KestrelSearch;
import io.volant.fledge.step.Releases;
import io.volant.fledge.step.Workbench;
import io.volant.fledge.tool.Tools;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A workbench in a folder of its own: a recipe, stand-ins for busybox and kestrel, and what the
 * command printed.
 */
public final class Bench {
  public static final String RECIPE =
      """
      version = "1"
      strategy = "initramfs"

      [mappings]
      "www" = "/srv/www"
      "tool" = "/usr/local/bin/tool"
      """;
  public static final String DEFAULTS =
      """
      name = "hello"
      [workload]
      entrypoint = "/bin/busybox"
      args = ["httpd", "-f"]
      base_url = "http://127.0.0.1:8080"
      """;

  public final Path folder;
  public final Path out;
  public final StringWriter output = new StringWriter();
  public final StringWriter errors = new StringWriter();

  public Bench(Path folder) throws IOException {
    this.folder = folder;
    this.out = folder.resolve("out");
    write("recipe/fledge.toml", RECIPE);
    write("recipe/manifest.toml", DEFAULTS);
    write("recipe/www/index.html", "<p>hello</p>\n");
    write("recipe/www/sub/größe.txt", "ü\n");
    write("recipe/tool", "#!/bin/sh\n");
    Files.createSymbolicLink(folder.resolve("recipe/www/link"), Path.of("index.html"));
    Files.write(folder.resolve("busybox"), Programs.fixed("busybox"));
    Files.write(folder.resolve("kestrel"), Programs.fixed("kestrel"));
  }

  public void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  public Workbench workbench() {
    return workbenchWith(Tools.ofHost());
  }

  /** With only the programs of these folders. */
  public Workbench workbenchWith(List<Path> programs) {
    return workbenchWith(Tools.in(programs));
  }

  private Workbench workbenchWith(Tools tools) {
    Path kestrel = folder.resolve("kestrel");
    Downloads downloads = new Downloads();
    return new Workbench(
        folder.resolve("busybox"),
        new KestrelSearch(kestrel.toString(), folder),
        downloads,
        new Releases("file://" + folder + "/releases/{version}/kestrel", downloads),
        new CachedImages(ImageFetcher.withCache(folder.resolve("cache"))),
        tools,
        folder);
  }

  /** Runs {@code fledge build} for the recipe here, with these arguments besides. */
  public int build(String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(
        List.of(
            "build", "-c", folder.resolve("recipe/fledge.toml").toString(), "-o", out.toString()));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  public int run(String... arguments) {
    return Fledge.run(
        workbench(),
        Screen.NONE,
        new PrintWriter(output, true),
        new PrintWriter(errors, true),
        arguments);
  }

  /** The lines on standard error, with this folder's name taken out. */
  public List<String> errorLines() {
    return errors.toString().replace(folder + "/", "").lines().toList();
  }
}
