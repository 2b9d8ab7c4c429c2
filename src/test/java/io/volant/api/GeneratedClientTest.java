package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that a generator made from our description compiles and works; Maven generates it. */
class GeneratedClientTest {

  private static final Path GENERATED = Path.of("target/generated-client/src/main/java");
  private static final Path STORY = Path.of("src/test/client/java");

  @TempDir private Path home;

  @Test
  void a_generated_client_lists_creates_shows_and_reads_refusals() throws Exception {
    Path classes = Files.createDirectory(home.resolve("classes"));
    compile(classes);
    try (RunningApi api = RunningApi.start(home.resolve("volant"));
        URLClassLoader client =
            new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, GeneratedClientTest.class.getClassLoader())) {
      Object story =
          client
              .loadClass("ClientStory")
              .getMethod("tell", String.class)
              .invoke(null, URI.create("http://127.0.0.1:" + api.port()).toString());
      assertThat((List<?>) story)
          .extracting(Object::toString)
          .containsExactly(
              "health ok",
              "at first 0",
              "made web-1 running 64",
              "listed web-1 Z",
              "shown 10.9.0.2",
              "config 1 {GREETING=hello}",
              "policy no",
              "refused 404 vm_not_found: no VM has the name 'none'",
              "at last 0");
    }
  }

  private static void compile(Path classes) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> generated = Files.walk(GENERATED);
        Stream<Path> story = Files.walk(STORY)) {
      List<Path> sources =
          Stream.concat(generated, story)
              .filter(file -> file.toString().endsWith(".java"))
              .toList();
      List<String> options =
          List.of("-nowarn", "-proc:none", "-d", classes.toString(), "-cp", classPath());
      boolean compiled =
          compiler
              .getTask(said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
              .call();
      assertThat(compiled).as(said.toString()).isTrue();
    }
  }

  /** Surefire may put the class path into a jar; this is what it was made of. */
  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }
}
