package io.volant.fledge.step;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The little of a Linux program's format that says whether it needs a loader. */
final class ElfProgram {
  private static final int ELF_MAGIC = 0x7f454c46;
  private static final int CLASS_OFFSET = 4;
  private static final int ORDER_OFFSET = 5;
  private static final int CLASS_64 = 2;
  private static final int ORDER_BIG = 2;
  private static final int PROGRAM_INTERPRETER = 3;

  /** PATH_MAX of Linux. */
  private static final int PATH_BYTES_MAX = 4096;

  private ElfProgram() {}

  /** How a program gets its libraries. */
  sealed interface Linkage {
    /** It has them in itself. */
    record Static() implements Linkage {}

    /** This loader finds them. */
    record Dynamic(String loader) implements Linkage {}

    /** Its headers point beyond its end, so it does not run. */
    record Broken() implements Linkage {}
  }

  static boolean isElf(byte[] program) {
    return program.length > ORDER_OFFSET && ByteBuffer.wrap(program).getInt() == ELF_MAGIC;
  }

  /** How the program that begins with these bytes is linked. */
  static Linkage linkage(byte[] program) {
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
        int header = Math.toIntExact(table + (long) i * size);
        // A program header of type "interpreter" names the loader. A static-pie program has none.
        if (elf.getInt(header) == PROGRAM_INTERPRETER) {
          return new Linkage.Dynamic(loader(elf, header, wide));
        }
      }
      return new Linkage.Static();
    } catch (IndexOutOfBoundsException | ArithmeticException cutShort) {
      return new Linkage.Broken();
    }
  }

  private static String loader(ByteBuffer elf, int header, boolean wide) {
    long offset = wide ? elf.getLong(header + 8) : Integer.toUnsignedLong(elf.getInt(header + 4));
    long length = wide ? elf.getLong(header + 32) : Integer.toUnsignedLong(elf.getInt(header + 16));
    int size = Math.clamp(length, 0, PATH_BYTES_MAX);
    byte[] path = new byte[size];
    elf.get(Math.toIntExact(offset), path);
    String text = new String(path, StandardCharsets.UTF_8);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }
}
