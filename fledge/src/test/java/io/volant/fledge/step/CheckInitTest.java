package io.volant.fledge.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.volant.fledge.Programs;
import io.volant.fledge.RecordingProgress;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.tree.Content;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first process of the user's own: where it comes from and whether it can start. */
class CheckInitTest {
  private static final String LOADER = "/lib64/ld-linux-x86-64.so.2";

  @TempDir private Path folder;
  private final Draft draft = new Draft(Path.of("/nowhere"));
  private final RecordingProgress progress = new RecordingProgress();

  @Test
  void a_static_program_needs_nothing() throws BuildFailure {
    init(Programs.fixed("mine"));
    new CheckInit().run(draft, progress);
    assertThat(progress.details).containsExactly("/init needs nothing else");
  }

  @Test
  void a_dynamic_program_needs_its_loader() throws BuildFailure {
    init(Programs.dynamic(LOADER));
    refused(
        "/init is a dynamic program and needs /lib64/ld-linux-x86-64.so.2, which is not in the"
            + " image; map it there, or take a static program");
    // A loader is mostly reached through a link.
    draft.tree().link("/lib64", "usr/lib64");
    draft.tree().file("/usr/lib64/ld-linux-x86-64.so.2", 0755, Content.of("loader"));
    new CheckInit().run(draft, progress);
    assertThat(progress.details).containsExactly("/init needs " + LOADER + ", which is there");
  }

  @Test
  void a_program_of_this_machine_names_its_loader() throws Exception {
    init(Files.readAllBytes(Path.of("/bin/ls")));
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> new CheckInit().run(draft, progress))
        .withMessageContaining("and needs /lib");
  }

  @ParameterizedTest
  @ValueSource(strings = {"#!/bin/sh\nexit\n", "#! /bin/sh -e", "#!\t/bin/sh\t-e\r\n"})
  void a_script_needs_its_interpreter(String script) throws BuildFailure {
    init(script.getBytes(StandardCharsets.UTF_8));
    refused(
        "/init is a script and needs /bin/sh, which is not in the image; map it there, or take a"
            + " static program");
    draft.tree().file("/bin/busybox", 0755, Content.of("busybox"));
    draft.tree().link("/bin/sh", "/bin/busybox");
    new CheckInit().run(draft, progress);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "#", "#!", "#!\n", "echo hello\n", "\u007fELF\u0002\u0001"})
  void what_no_kernel_starts_is_refused(String text) throws BuildFailure {
    init(text.getBytes(StandardCharsets.ISO_8859_1));
    refused("/init is neither a Linux program (ELF) nor a script that begins with #!");
  }

  @Test
  void an_init_that_is_missing_or_not_executable_is_refused() throws BuildFailure {
    refused(
        "the image has no /init; map a program to /init in [mappings], or leave [init] none out");
    draft.tree().file("/init", 0644, Content.of(Programs.fixed("x")));
    refused("/init is not executable; run: chmod +x on the mapped file");
  }

  @Test
  void a_file_of_the_users_becomes_init_and_is_executable() throws Exception {
    Path file = Files.write(folder.resolve("mine"), Programs.fixed("mine"));
    // An image may have a link there, which must not be followed.
    draft.tree().link("/init", "/etc/passwd");
    new AddInit(file).run(draft, progress);
    new CheckInit().run(draft, progress);
    assertThat(draft.tree().at("/etc/passwd")).isNull();
  }

  @Test
  void a_file_that_is_missing_or_that_a_mapping_replaces_is_refused() throws Exception {
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> new AddInit(folder.resolve("gone")).run(draft, progress))
        .withMessage("[init] path: " + folder + "/gone is missing; correct path in [init]");
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> new AddInit(folder).run(draft, progress))
        .withMessage("[init] path: " + folder + " is not a file; correct path in [init]");
    draft.initMapped(true);
    Path file = Files.write(folder.resolve("mine"), Programs.fixed("mine"));
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> new AddInit(file).run(draft, progress))
        .withMessage(
            "a mapping puts something at /init, and so does [init] path; leave one of them out");
  }

  private void init(byte[] program) throws BuildFailure {
    draft.tree().file("/init", 0755, Content.of(program));
  }

  private void refused(String message) {
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> new CheckInit().run(draft, progress))
        .withMessage(message)
        .matches(failure -> failure.code() == ExitCode.INPUT);
  }
}
