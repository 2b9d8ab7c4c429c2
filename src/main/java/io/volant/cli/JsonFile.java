package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.volant.cli.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads the files that a command names. */
final class JsonFile {
  /** The daemon takes no larger body. */
  static final int LIMIT_BYTES = 1 << 20;

  private JsonFile() {}

  static ObjectNode readObject(Path file) throws CliFailure {
    return parseObject(read(file), file.toString());
  }

  static byte[] read(Path file) throws CliFailure {
    try (InputStream in = Files.newInputStream(file)) {
      return atMostLimit(in, file.toString());
    } catch (NoSuchFileException missing) {
      throw new CliFailure(ExitCode.FILE, "cannot read " + file + ": no such file");
    } catch (AccessDeniedException denied) {
      throw new CliFailure(ExitCode.FILE, "cannot read " + file + ": permission denied");
    } catch (IOException failure) {
      throw new CliFailure(ExitCode.FILE, "cannot read " + file + ": " + failure.getMessage());
    }
  }

  static byte[] atMostLimit(InputStream in, String name) throws IOException, CliFailure {
    byte[] bytes = in.readNBytes(LIMIT_BYTES + 1);
    if (bytes.length > LIMIT_BYTES) {
      throw new CliFailure(ExitCode.FILE, name + " is larger than " + LIMIT_BYTES + " bytes");
    }
    return bytes;
  }

  static ObjectNode parseObject(byte[] bytes, String name) throws CliFailure {
    try {
      JsonNode json = Json.parse(bytes);
      if (json instanceof ObjectNode object) {
        return object;
      }
      throw new CliFailure(ExitCode.FILE, name + " must hold a JSON object");
    } catch (IOException malformed) {
      throw new CliFailure(ExitCode.FILE, name + " is " + malformed.getMessage());
    }
  }
}
