package io.volant.fledge;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Small ELF files for tests: a header, one program header, and a text that tells them apart. */
public final class Programs {
  private static final int HEADER_BYTES = 64;
  private static final int PROGRAM_HEADER_BYTES = 56;
  private static final int LOAD = 1;
  private static final int INTERPRETER = 3;

  private Programs() {}

  public static byte[] fixed(String text) {
    return elf(LOAD, text);
  }

  /** A program whose loader is the text. */
  public static byte[] dynamic(String text) {
    return elf(INTERPRETER, text);
  }

  private static byte[] elf(int programHeaderType, String text) {
    byte[] tail = text.getBytes(StandardCharsets.UTF_8);
    ByteBuffer elf =
        ByteBuffer.allocate(HEADER_BYTES + PROGRAM_HEADER_BYTES + tail.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
    elf.putLong(32, HEADER_BYTES);
    elf.putShort(54, (short) PROGRAM_HEADER_BYTES);
    elf.putShort(56, (short) 1);
    elf.putInt(HEADER_BYTES, programHeaderType);
    elf.putLong(HEADER_BYTES + 8, HEADER_BYTES + PROGRAM_HEADER_BYTES);
    elf.putLong(HEADER_BYTES + 32, tail.length);
    elf.position(HEADER_BYTES + PROGRAM_HEADER_BYTES);
    elf.put(tail);
    return elf.array();
  }
}
