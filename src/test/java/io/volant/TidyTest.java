package io.volant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** House style as a test: small files, small functions, nothing left lying about. */
class TidyTest {
  private static final Set<String> GENERATED = Set.of("target", "build", ".git", ".home");

  /** Where our text is. Other folders at the top are made by tools. */
  private static final List<String> FOLDERS =
      List.of("src", "fledge", "kestrel", "scripts", "config", "schemas", "docs", ".ci");

  @Test
  void every_file_is_tidy() {
    assertThat(
            FOLDERS.stream()
                .map(Path::of)
                .filter(Files::isDirectory)
                .flatMap(TidyTest::filesIn)
                .flatMap(file -> TidyRules.findings(file.toString(), textOf(file)).stream()))
        .isEmpty();
  }

  @Test
  void a_long_file_is_found() {
    String text = "int x;\n".repeat(TidyRules.MOST_FILE_LINES);
    assertThat(TidyRules.findings("kestrel/src/a.h", text)).isEmpty();
    assertThat(TidyRules.findings("kestrel/src/a.h", text + "int y;\n"))
        .containsExactly("kestrel/src/a.h: 401 lines, 400 are allowed: split it");
  }

  @Test
  void a_long_java_method_is_found() {
    String body = "    count++;\n".repeat(TidyRules.MOST_FUNCTION_LINES - 2);
    assertThat(TidyRules.findings("src/main/java/A.java", javaMethod(body))).isEmpty();
    assertThat(TidyRules.findings("src/main/java/A.java", javaMethod(body + "    count++;\n")))
        .containsExactly("src/main/java/A.java:2: A.walk has 71 lines, 70 are allowed");
  }

  @Test
  void a_long_c_function_is_found() {
    String body = "  count++;\n".repeat(TidyRules.MOST_FUNCTION_LINES - 4);
    assertThat(TidyRules.findings("kestrel/src/a.c", cFunction(body))).isEmpty();
    assertThat(TidyRules.findings("kestrel/src/a.c", cFunction(body + "  count++;\n")))
        .containsExactly("kestrel/src/a.c:3: walk_all has 71 lines, 70 are allowed");
  }

  @Test
  void unfinished_work_needs_an_issue() {
    String word = "TO" + "DO";
    assertThat(TidyRules.findings("docs/a.md", word + "(#12): later\n")).isEmpty();
    assertThat(TidyRules.findings("docs/a.md", word + ": later\n"))
        .containsExactly("docs/a.md:1: unfinished, without the number of an issue");
  }

  @Test
  void printing_and_sleeping_are_found() {
    String printing = "class A { { System" + ".out.println(); } }\n";
    String sleeping = "class A { { Thread" + ".sleep(1); } }\n";
    assertThat(TidyRules.findings("src/main/java/io/volant/cli/A.java", printing)).isEmpty();
    assertThat(TidyRules.findings("src/main/java/io/volant/vm/A.java", printing)).hasSize(1);
    assertThat(TidyRules.findings("src/test/java/io/volant/cli/A.java", printing)).hasSize(1);
    assertThat(TidyRules.findings("src/test/java/io/volant/vm/A.java", sleeping)).hasSize(1);
  }

  @Test
  void space_at_the_end_of_a_line_is_found() {
    assertThat(TidyRules.findings("docs/a.md", "one\ntwo \n"))
        .containsExactly("docs/a.md:2: space at the end of the line");
  }

  private static String javaMethod(String body) {
    return "class A {\n  void walk() {\n" + body + "  }\n}\n";
  }

  private static String cFunction(String body) {
    return "#include <a.h>\n\nstatic int walk_all(int a,\n    int b)\n{\n" + body + "}\n";
  }

  private static Stream<Path> filesIn(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !isGenerated(file) && isText(file))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isGenerated(Path file) {
    for (Path part : file) {
      if (GENERATED.contains(part.toString())) {
        return true;
      }
    }
    return false;
  }

  /** Our text has no zero bytes, and test data may be anything. */
  private static boolean isText(Path file) {
    return !file.toString().contains("src/test/resources") && textOf(file).indexOf('\0') < 0;
  }

  private static String textOf(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
