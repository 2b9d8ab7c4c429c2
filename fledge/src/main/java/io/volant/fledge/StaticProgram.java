package io.volant.fledge;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Sees to it that a program can run in an image without libraries. A dynamic one would end the boot
 * with a bare "not found", because the kernel means its loader and not the program itself.
 */
final class StaticProgram {
  private static final int SIZE_BYTES_MAX = 64 * 1024 * 1024;
  private static final int ELF_MAGIC = 0x7f454c46;
  private static final int CLASS_OFFSET = 4;
  private static final int ORDER_OFFSET = 5;
  private static final int CLASS_64 = 2;
  private static final int ORDER_BIG = 2;
  private static final int PROGRAM_INTERPRETER = 3;

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
    if (!isElf(program)) {
      throw new BuildFailure(ExitCode.INPUT, name + " is not a Linux program (ELF); " + remedy);
    }
    if (needsLoader(program)) {
      throw new BuildFailure(
          ExitCode.INPUT, name + " is not static: it needs a loader and libraries; " + remedy);
    }
    return program;
  }

  private static boolean isElf(byte[] program) {
    return program.length > ORDER_OFFSET && ByteBuffer.wrap(program).getInt() == ELF_MAGIC;
  }

  // A program header of type "interpreter" names the loader. A static-pie program has none.
  private static boolean needsLoader(byte[] program) {
    boolean wide = program[CLASS_OFFSET] == CLASS_64;
    ByteBuffer elf =
        ByteBuffer.wrap(program)
            .order(
                program[ORDER_OFFSET] == ORDER_BIG
                    ? ByteOrder.BIG_ENDIAN
                    : ByteOrder.LITTLE_ENDIAN);
    try {
      long table = wide ? elf.getLong(32) : Integer.toUnsignedLong(elf.getInt(28));
      int size = Short.toUnsignedInt(elf.getShort(wide ? 54 : 42));
      int count = Short.toUnsignedInt(elf.getShort(wide ? 56 : 44));
      for (int i = 0; i < count; i++) {
        if (elf.getInt(Math.toIntExact(table + (long) i * size)) == PROGRAM_INTERPRETER) {
          return true;
        }
      }
      return false;
    } catch (IndexOutOfBoundsException | ArithmeticException cutShort) {
      // Headers beyond the end of the file: whatever this is, it does not run.
      return true;
    }
  }
}
