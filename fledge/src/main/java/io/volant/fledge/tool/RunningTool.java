package io.volant.fledge.tool;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.OneLine;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A program that runs, with the threads that feed it and listen to it. */
final class RunningTool {
  private final ToolCall call;
  private final ExitCode code;
  private final Process process;
  private final ToolOutput output;
  private final ToolOutput errors;
  private final Thread feeder;
  private volatile @Nullable Throwable feedFailure;

  private RunningTool(ToolCall call, ExitCode code, Process process) {
    this.call = call;
    this.code = code;
    this.process = process;
    String name = call.tool().name();
    output = ToolOutput.of(name + " output", process.getInputStream(), call.listener());
    errors = ToolOutput.of(name + " errors", process.getErrorStream(), call.listener());
    feeder = Thread.ofPlatform().daemon().name(name + " input").unstarted(this::feed);
  }

  static RunningTool start(ToolCall call, ExitCode code) throws BuildFailure {
    List<String> command = new ArrayList<>();
    command.add(call.tool().file().toString());
    command.addAll(call.arguments());
    ProcessBuilder builder = new ProcessBuilder(command);
    fill(builder.environment(), call);
    if (call.surroundings().folder() != null) {
      builder.directory(call.surroundings().folder().toFile());
    }
    try {
      RunningTool running = new RunningTool(call, code, builder.start());
      running.feeder.start();
      return running;
    } catch (IOException failure) {
      throw new BuildFailure(
          ExitCode.INPUT,
          call.tool().name() + " cannot be started: " + OneLine.of("" + failure.getMessage()));
    }
  }

  private static void fill(Map<String, String> environment, ToolCall call) {
    if (!call.surroundings().inherited()) {
      environment.clear();
    }
    // Messages are shown, and output is read: neither may depend on the user's language.
    environment.put("LC_ALL", "C");
    environment.put(
        "PATH",
        call.tool().folders().stream().map(Path::toString).collect(Collectors.joining(":")));
    environment.putAll(call.surroundings().variables());
  }

  /** Its output once it has ended well. */
  String await() throws BuildFailure {
    try {
      if (!process.waitFor(call.limit().toMillis(), TimeUnit.MILLISECONDS)) {
        kill();
        throw failure("took longer than " + call.limit().toMinutes() + " minutes and was ended");
      }
      feeder.join();
      Throwable notFed = feedFailure;
      if (notFed != null) {
        throw failure("did not get its input: " + OneLine.of("" + notFed.getMessage()));
      }
      int exit = process.exitValue();
      if (exit != 0) {
        String said = errors.last().isEmpty() ? output.last() : errors.last();
        throw failure("failed with code " + exit + (said.isEmpty() ? "" : ": " + said));
      }
      return output.text();
    } catch (InterruptedException interrupt) {
      kill();
      Thread.currentThread().interrupt();
      throw new BuildFailure(
          ExitCode.OUTPUT, "interrupted while " + call.tool().name() + " was running");
    }
  }

  private BuildFailure failure(String what) {
    return new BuildFailure(code, call.tool().name() + " " + what);
  }

  private void kill() {
    Stream.concat(process.descendants().toList().stream(), Stream.of(process.toHandle()))
        .forEach(ProcessHandle::destroyForcibly);
    process.onExit().join();
  }

  private void feed() {
    try (Pipe pipe = new Pipe(process.getOutputStream())) {
      write(pipe);
    } catch (IOException ended) {
      // A program that ended without reading all says best itself why.
      call.listener().accept(call.tool().name() + " did not read all of its input");
    }
  }

  private void write(Pipe pipe) throws IOException {
    try {
      call.feed().to(pipe);
    } catch (IOException | RuntimeException failure) {
      if (pipe.isBroken) {
        throw failure;
      }
      feedFailure = failure;
      kill(); // before the pipe is closed: a part of the input must not pass for the whole
    }
  }

  /** Tells a failure of the program's end from one of what is written. */
  private static final class Pipe extends FilterOutputStream {
    private boolean isBroken;

    Pipe(OutputStream stream) {
      super(stream);
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (IOException broken) {
        isBroken = true;
        throw broken;
      }
    }

    @Override
    public void flush() throws IOException {
      try {
        out.flush();
      } catch (IOException broken) {
        isBroken = true;
        throw broken;
      }
    }

    @Override
    public void close() throws IOException {
      try {
        out.close();
      } catch (IOException broken) {
        isBroken = true;
        throw broken;
      }
    }
  }
}
