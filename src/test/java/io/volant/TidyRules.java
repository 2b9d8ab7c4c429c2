package io.volant;

import static java.util.Locale.ROOT;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** What {@link TidyTest} asks of one file. Every rule answers with lines fit to be printed. */
final class TidyRules {
  static final int MOST_FILE_LINES = 400;
  static final int MOST_FUNCTION_LINES = 70;

  private static final Pattern UNFINISHED = Pattern.compile("\\b(T[O]DO|F[I]XME)\\b(?!.*#\\d)");
  private static final Pattern PRINTS = Pattern.compile("\\bSystem\\.(out|err)\\b");
  private static final Pattern SLEEPS = Pattern.compile("\\bThread\\.sleep\\b");
  private static final Pattern TRAILING_SPACE = Pattern.compile("[ \\t]+$");
  private static final Pattern C_FUNCTION = Pattern.compile("^[A-Za-z_].*\\(.*[^;:]$");

  private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

  /** One for all files, as opening it takes longer than parsing. */
  private static final StandardJavaFileManager FILES =
      COMPILER.getStandardFileManager(null, null, null);

  private TidyRules() {}

  /** All that is wrong with the file {@code path}, whose text is {@code text}. */
  static List<String> findings(String path, String text) {
    List<String> lines = text.lines().toList();
    List<String> found = new ArrayList<>();
    found.addAll(matches(path, lines, TRAILING_SPACE, "space at the end of the line"));
    found.addAll(matches(path, lines, UNFINISHED, "unfinished, without the number of an issue"));
    if (isCode(path) && lines.size() > MOST_FILE_LINES) {
      found.add(
          path + ": " + lines.size() + " lines, " + MOST_FILE_LINES + " are allowed: split it");
    }
    if (path.endsWith(".java")) {
      found.addAll(javaFunctions(path, text));
      found.addAll(javaCalls(path, lines));
    }
    if (path.endsWith(".c")) {
      found.addAll(cFunctions(path, lines));
    }
    return found;
  }

  private static boolean isCode(String path) {
    return Stream.of(".java", ".c", ".h", ".sh").anyMatch(path::endsWith)
        || !path.substring(path.lastIndexOf('/') + 1).contains(".");
  }

  private static List<String> javaCalls(String path, List<String> lines) {
    List<String> found = new ArrayList<>();
    boolean isTest = path.contains("src/test/");
    if (isTest) {
      found.addAll(matches(path, lines, SLEEPS, "a test waits for a condition, not for time"));
    }
    if (isTest || !mayPrint(path)) {
      found.addAll(matches(path, lines, PRINTS, "only Main, volar and fledge's commands print"));
    }
    return found;
  }

  /**
   * Which of fledge's classes may print is ArchitectureTest's business, as it knows the commands.
   */
  private static boolean mayPrint(String path) {
    return path.endsWith("io/volant/Main.java")
        || path.contains("io/volant/cli/")
        || path.contains("io/volant/fledge/");
  }

  private static List<String> matches(
      String path, List<String> lines, Pattern pattern, String complaint) {
    return IntStream.range(0, lines.size())
        .filter(index -> pattern.matcher(lines.get(index)).find())
        .mapToObj(index -> path + ":" + (index + 1) + ": " + complaint)
        .toList();
  }

  private static List<String> tooLong(String path, String name, long first, long last) {
    long length = last - first + 1;
    return length <= MOST_FUNCTION_LINES
        ? List.of()
        : List.of(
            String.format(
                ROOT,
                "%s:%d: %s has %d lines, %d are allowed",
                path,
                first,
                name,
                length,
                MOST_FUNCTION_LINES));
  }

  /** The compiler's own parser finds the methods, so that no string or comment deceives us. */
  private static List<String> javaFunctions(String path, String text) {
    JavacTask task =
        (JavacTask) COMPILER.getTask(null, FILES, _ -> {}, null, null, List.of(new Source(text)));
    List<String> found = new ArrayList<>();
    try {
      for (CompilationUnitTree unit : task.parse()) {
        new MethodLengths(path, unit, Trees.instance(task).getSourcePositions()).scan(unit, found);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
    return found;
  }

  private static final class MethodLengths extends TreeScanner<@Nullable Void, List<String>> {
    private final String path;
    private final CompilationUnitTree unit;
    private final LineMap lineMap;
    private final SourcePositions positions;
    private String type = "";

    MethodLengths(String path, CompilationUnitTree unit, SourcePositions positions) {
      this.path = path;
      this.unit = unit;
      this.lineMap = unit.getLineMap();
      this.positions = positions;
    }

    @Override
    public @Nullable Void visitClass(ClassTree tree, List<String> found) {
      String outer = type;
      type = tree.getSimpleName().toString();
      super.visitClass(tree, found);
      type = outer;
      return null;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree tree, List<String> found) {
      // From the body on: a test's table of cases above it is data.
      if (tree.getBody() != null) {
        found.addAll(tooLong(path, type + "." + tree.getName(), first(tree), last(tree)));
      }
      return super.visitMethod(tree, found);
    }

    private long first(MethodTree tree) {
      return lineMap.getLineNumber(positions.getStartPosition(unit, tree.getBody()));
    }

    private long last(MethodTree tree) {
      return lineMap.getLineNumber(positions.getEndPosition(unit, tree.getBody()));
    }
  }

  /**
   * C as we write it: a function's body ends with a brace at the margin, and the last line at the
   * margin before it that has a bracket and is no label is where the function begins.
   */
  private static List<String> cFunctions(String path, List<String> lines) {
    List<String> found = new ArrayList<>();
    int first = -1;
    for (int index = 0; index < lines.size(); index++) {
      String line = lines.get(index);
      if (C_FUNCTION.matcher(line).find()) {
        first = index;
      } else if (line.equals("}") && first >= 0) {
        String name = lines.get(first).replaceAll("\\(.*", "").replaceAll(".*[ *]", "");
        found.addAll(tooLong(path, name, first + 1L, index + 1L));
        first = -1;
      }
    }
    return found;
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String text) {
      super(URI.create("string:///Source.java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
