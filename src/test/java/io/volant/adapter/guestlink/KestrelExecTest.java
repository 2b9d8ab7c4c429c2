package io.volant.adapter.guestlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.volant.vm.CommandInput;
import io.volant.vm.CommandOutput;
import io.volant.vm.GuestCommand;
import io.volant.vm.GuestException;
import io.volant.vm.GuestSignal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands and files of the real agent. */
class KestrelExecTest extends GuestLinksFixture {

  private KestrelProcess kestrel;

  @BeforeEach
  void connect() throws Exception {
    kestrel = KestrelProcess.start(folder, socket(), List.of("/bin/sleep", "1000"));
    links.open(VM, address(), signals);
    signals.awaitNumber(1, GuestSignal.LinkUp.class);
  }

  @AfterEach
  void stopKestrel() {
    kestrel.close();
  }

  @Test
  void both_outputs_and_the_code_come_back() throws Exception {
    List<CommandOutput> words = run(List.of("/bin/sh", "-c", "echo out; echo err >&2; exit 7"));
    assertThat(words.getFirst()).isInstanceOf(CommandOutput.Started.class);
    assertThat(text(words, false)).isEqualTo("out\n");
    assertThat(text(words, true)).isEqualTo("err\n");
    assertThat(words.getLast()).isEqualTo(new CommandOutput.Exited(7));
  }

  @Test
  void a_program_that_is_not_there_is_a_complaint_and_127() throws Exception {
    List<CommandOutput> words = run(List.of("/there/is/no/such"));
    assertThat(words).hasSize(2);
    assertThat(words.getFirst()).isInstanceOf(CommandOutput.Complaint.class);
    assertThat(words.getLast()).isEqualTo(new CommandOutput.Exited(127));
  }

  @Test
  void environment_and_folder_are_those_of_the_command() throws Exception {
    GuestCommand command =
        new GuestCommand(
            List.of("/bin/sh", "-c", "echo $A; pwd"), List.of("A=b=c"), "/tmp", null, null);
    assertThat(text(run(command, Source.maybe()), false)).isEqualTo("b=c\n/tmp\n");
  }

  @Test
  void ten_megabytes_of_input_come_back() throws Exception {
    ByteString chunk = ByteString.fromArray(new byte[100_000]);
    long bytes =
        get(
            Source.range(1, 100)
                .map(n -> (CommandInput) new CommandInput.Stdin(chunk))
                .concat(Source.single(new CommandInput.StdinEnd()))
                .concat(Source.maybe())
                .via(exec(pipes("/bin/cat")))
                .runFold(
                    0L,
                    (sum, word) ->
                        word instanceof CommandOutput.Stdout(ByteString more)
                            ? sum + more.size()
                            : sum,
                    system));
    assertThat(bytes).isEqualTo(10_000_000);
  }

  @Test
  void a_terminal_has_its_size_and_is_resized_and_a_signal_ends_the_command() throws Exception {
    GuestCommand command =
        new GuestCommand(
            List.of("/bin/sh", "-c", "stty size; read x; stty size; kill -9 $$"),
            List.of(),
            null,
            null,
            new GuestCommand.Screen(30, 90, "xterm"));
    List<CommandOutput> words =
        run(
            command,
            Source.<CommandInput>from(
                    List.of(
                        new CommandInput.Resize(40, 100),
                        new CommandInput.Stdin(ByteString.fromString("x\n"))))
                .initialDelay(java.time.Duration.ofMillis(500))
                .concat(Source.maybe()));
    assertThat(text(words, false)).contains("30 90").contains("40 100");
    assertThat(words.getLast()).isEqualTo(new CommandOutput.Killed(9));
  }

  @Test
  void a_signal_reaches_the_command() throws Exception {
    List<CommandOutput> words =
        run(
            pipes("/bin/sleep", "1000"),
            Source.<CommandInput>single(new CommandInput.Kill(15)).concat(Source.maybe()));
    assertThat(words.getLast()).isEqualTo(new CommandOutput.Killed(15));
  }

  @Test
  void a_command_that_nobody_wants_any_more_is_hung_up() throws Exception {
    CommandOutput first =
        get(
            Source.<CommandInput>maybe()
                .via(exec(pipes("/bin/sleep", "1001")))
                .runWith(Sink.head(), system));
    long pid = ((CommandOutput.Started) first).pid();
    await().until(() -> !ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
  }

  @Test
  void a_link_that_breaks_fails_the_command() throws Exception {
    CompletionStage<List<CommandOutput>> words =
        Source.<CommandInput>maybe()
            .via(exec(pipes("/bin/sleep", "1002")))
            .runWith(Sink.seq(), system);
    stopKestrel();
    assertThatThrownBy(() -> get(words)).hasCauseInstanceOf(GuestException.class);
  }

  @Test
  void commands_in_turn_give_their_places_back() throws Exception {
    for (int number = 0; number < 100; number++) {
      assertThat(run(List.of("/bin/true")).getLast()).isEqualTo(new CommandOutput.Exited(0));
    }
  }

  @Test
  void a_tree_goes_in_and_out_again() throws Exception {
    Path there = Files.createDirectories(folder.resolve("a b+c"));
    Files.writeString(there.resolve("text"), "hello");
    ByteString archive = read(there.toString());
    assertThat(archive.size()).isGreaterThan(1_024);
    Path copy = folder.resolve("copy/of/it");
    get(links.writeFiles(VM, copy.toString(), true, Source.single(archive)));
    assertThat(copy.resolve("a b+c/text")).hasContent("hello");
  }

  @Test
  void large_files_pass_both_ways() throws Exception {
    byte[] content = new byte[20 << 20];
    new java.util.SplittableRandom(5).nextBytes(content);
    Files.write(folder.resolve("large"), content);
    Path copy = Files.createDirectory(folder.resolve("copy"));
    Source<ByteString, NotUsed> archive =
        get(links.readFiles(VM, folder.resolve("large").toString(), false));
    get(links.writeFiles(VM, copy.toString(), false, archive));
    assertThat(Files.readAllBytes(copy.resolve("large"))).isEqualTo(content);
  }

  @Test
  void refusals_say_of_what_kind_they_are() throws Exception {
    assertReason(links.readFiles(VM, "/no/such", false), GuestException.Reason.PATH_NOT_FOUND);
    assertReason(links.readFiles(VM, "/a/../b", false), GuestException.Reason.INVALID);
    Path file = Files.writeString(folder.resolve("file"), "");
    Source<ByteString, NotUsed> endless =
        Source.repeat(ByteString.fromArray(new byte[100_000])).mapMaterializedValue(it -> it);
    assertReason(
        links.writeFiles(VM, "/no/such", false, endless), GuestException.Reason.PATH_NOT_FOUND);
    assertReason(
        links.writeFiles(VM, file.toString(), false, endless), GuestException.Reason.PATH_CONFLICT);
    Source<ByteString, NotUsed> noTar =
        Source.single(ByteString.fromString("no archive ".repeat(1_000)));
    assertReason(
        links.writeFiles(VM, folder.toString(), false, noTar), GuestException.Reason.INVALID);
  }

  @Test
  void refusals_and_hang_ups_amid_much_data_do_not_cost_the_link() throws Exception {
    ByteString chunk = ByteString.fromArray(new byte[100_000]);
    Source<ByteString, NotUsed> endless = Source.repeat(chunk).mapMaterializedValue(it -> it);
    for (int number = 0; number < 20; number++) {
      assertReason(
          links.writeFiles(VM, "/no/such", false, endless), GuestException.Reason.PATH_NOT_FOUND);
      get(
          endless
              .map(bytes -> (CommandInput) new CommandInput.Stdin(bytes))
              .via(exec(pipes("/bin/cat")))
              .take(2 + number)
              .runWith(Sink.ignore(), system));
      CompletionStage<?> failing =
          endless
              .take(20)
              .map(bytes -> (CommandInput) new CommandInput.Stdin(bytes))
              .concat(Source.failed(new IllegalStateException("gone")))
              .via(exec(pipes("/bin/cat")))
              .runWith(Sink.ignore(), system);
      assertThatThrownBy(() -> get(failing)).hasMessageContaining("gone");
    }
    assertThat(signals.all()).noneMatch(heard -> heard.signal() instanceof GuestSignal.LinkDown);
  }

  private static void assertReason(CompletionStage<?> refused, GuestException.Reason reason) {
    assertThatThrownBy(() -> get(refused))
        .cause()
        .isInstanceOfSatisfying(
            GuestException.class,
            refusal -> assertThat(refusal.reason()).as(refusal.getMessage()).isEqualTo(reason));
  }

  private ByteString read(String path) throws Exception {
    return get(
        get(links.readFiles(VM, path, false))
            .runFold(ByteString.emptyByteString(), ByteString::concat, system));
  }

  private static GuestCommand pipes(String... words) {
    return new GuestCommand(List.of(words), List.of(), null, null, null);
  }

  private Flow<CommandInput, CommandOutput, NotUsed> exec(GuestCommand command) throws Exception {
    return get(links.exec(VM, command));
  }

  private List<CommandOutput> run(List<String> words) throws Exception {
    return run(new GuestCommand(words, List.of(), null, null, null), Source.maybe());
  }

  private List<CommandOutput> run(GuestCommand command, Source<CommandInput, ?> input)
      throws Exception {
    return new ArrayList<>(get(input.via(exec(command)).runWith(Sink.seq(), system)));
  }

  private static String text(List<CommandOutput> words, boolean errors) {
    StringBuilder text = new StringBuilder();
    for (CommandOutput word : words) {
      if (word instanceof CommandOutput.Stdout(ByteString bytes) && !errors) {
        text.append(bytes.decodeString(StandardCharsets.UTF_8));
      } else if (word instanceof CommandOutput.Stderr(ByteString bytes) && errors) {
        text.append(bytes.decodeString(StandardCharsets.UTF_8));
      }
    }
    return text.toString();
  }
}
