package io.volant.fledge.step;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Sees to it that a program can run in an image without libraries. A dynamic one would end the boot
 * with a bare "not found", because the kernel means its loader and not the program itself.
 */
final class StaticProgram {
  private static final int SIZE_BYTES_MAX = 64 * 1024 * 1024;

  private StaticProgram() {}

  /** The bytes of a static program; otherwise a failure that ends in the remedy. */
  static byte[] read(Path file, String remedy) throws BuildFailure {
    try (InputStream input = Files.newInputStream(file)) {
      byte[] program = input.readNBytes(SIZE_BYTES_MAX + 1);
      if (program.length > SIZE_BYTES_MAX) {
        throw new BuildFailure(
            ExitCode.INPUT, file + " is larger than " + SIZE_BYTES_MAX + " bytes; " + remedy);
      }
      return checked(program, file.toString(), remedy);
    } catch (NoSuchFileException missing) {
      throw new BuildFailure(ExitCode.INPUT, file + " is missing; " + remedy);
    } catch (IOException failure) {
      throw new BuildFailure(
          ExitCode.INPUT, file + " cannot be read (" + failure.getMessage() + "); " + remedy);
    }
  }

  /** The same bytes, when they are a static program. */
  static byte[] checked(byte[] program, String name, String remedy) throws BuildFailure {
    if (!ElfProgram.isElf(program)) {
      throw new BuildFailure(ExitCode.INPUT, name + " is not a Linux program (ELF); " + remedy);
    }
    if (!(ElfProgram.linkage(program) instanceof ElfProgram.Linkage.Static)) {
      throw new BuildFailure(
          ExitCode.INPUT, name + " is not static: it needs a loader and libraries; " + remedy);
    }
    return program;
  }
}
