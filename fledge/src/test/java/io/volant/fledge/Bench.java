package io.volant.fledge;

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
final class Bench {
  static final String RECIPE =
      """
      version = "1"
      strategy = "initramfs"

      [mappings]
      "www" = "/srv/www"
      "tool" = "/usr/local/bin/tool"
      """;
  static final String DEFAULTS =
      """
      name = "hello"
      [workload]
      entrypoint = "/bin/busybox"
      args = ["httpd", "-f"]
      base_url = "http://127.0.0.1:8080"
      """;

  final Path folder;
  final Path out;
  final StringWriter output = new StringWriter();
  final StringWriter errors = new StringWriter();

  Bench(Path folder) throws IOException {
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

  void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  Workbench workbench() {
    Path kestrel = folder.resolve("kestrel");
    return new Workbench(
        folder.resolve("busybox"), new KestrelSearch(kestrel.toString(), folder), new Downloads());
  }

  /** Runs {@code fledge build} for the recipe here, with these arguments besides. */
  int build(String... more) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(
        List.of(
            "build", "-c", folder.resolve("recipe/fledge.toml").toString(), "-o", out.toString()));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  int run(String... arguments) {
    return Fledge.run(
        workbench(), new PrintWriter(output, true), new PrintWriter(errors, true), arguments);
  }

  /** The lines on standard error, with this folder's name taken out. */
  List<String> errorLines() {
    return errors.toString().replace(folder + "/", "").lines().toList();
  }
}
