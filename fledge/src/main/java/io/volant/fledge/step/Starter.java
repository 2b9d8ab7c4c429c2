package io.volant.fledge.step;

import java.nio.charset.StandardCharsets;

/** What a kernel needs besides a program to start it. */
sealed interface Starter {
  /** Nothing: it is a static program. */
  record Itself() implements Starter {}

  /** A loader: it is a dynamic program. */
  record Loader(String path) implements Starter {}

  /** An interpreter: it is a script. */
  record Interpreter(String path) implements Starter {}

  /** It is nothing that a kernel starts. */
  record Unknown() implements Starter {}

  /** What the program needs that begins with these bytes. */
  static Starter of(byte[] start) {
    if (ElfProgram.isElf(start)) {
      return switch (ElfProgram.linkage(start)) {
        case ElfProgram.Linkage.Static _ -> new Itself();
        case ElfProgram.Linkage.Dynamic(var loader) -> new Loader(loader);
        case ElfProgram.Linkage.Broken _ -> new Unknown();
      };
    }
    if (start.length > 2 && start[0] == '#' && start[1] == '!') {
      return script(start);
    }
    return new Unknown();
  }

  private static Starter script(byte[] start) {
    int end = 2;
    while (end < start.length && start[end] != '\n') {
      end++;
    }
    String line = new String(start, 2, end - 2, StandardCharsets.UTF_8).strip();
    String path = line.split("[ \t]", 2)[0];
    return path.isEmpty() ? new Unknown() : new Interpreter(path);
  }
}
