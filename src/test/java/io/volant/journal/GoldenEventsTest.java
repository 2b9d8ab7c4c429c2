package io.volant.journal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.volant.deployment.DeploymentEvent;
import io.volant.host.HostEvent;
import io.volant.idempotency.IdempotencyEvent;
import io.volant.network.NetworkEvent;
import io.volant.plugin.PluginEvent;
import io.volant.vm.VmEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The journal is a file format: what was ever written must be read for ever. The golden files are
 * what is written today; {@code make golden} writes them anew, and the difference is for a person
 * to look at.
 */
class GoldenEventsTest {

  private static final Path GOLDEN = Path.of("src/test/resources/journal/v1");
  private static final boolean REWRITE = "rewrite".equals(System.getProperty("golden"));
  private static final ObjectMapper PRETTY =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private static ActorSystem<Void> system;
  private static Serialization serialization;

  @BeforeAll
  static void startSerialization() {
    Config config =
        ConfigFactory.parseResources("engine.conf")
            .withFallback(ConfigFactory.defaultReferenceUnresolved())
            .resolve();
    system = ActorSystem.create(Behaviors.empty(), "golden", config);
    serialization = SerializationExtension.get(system);
  }

  @AfterAll
  static void endSerialization() {
    system.terminate();
  }

  /** An event and the name of its golden file: its type, and what makes it another sample. */
  record Sample(JournalEvent event, String name) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Sample> samples() {
    return Stream.concat(
            EventSamples.all().stream().map(event -> new Sample(event, event.type())),
            LaterSamples.all().entrySet().stream()
                .map(entry -> new Sample(entry.getValue(), entry.getKey())))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void an_event_is_written_as_its_golden_file_and_read_back_from_it(Sample sample)
      throws IOException {
    JournalEvent event = sample.event();
    Path golden = GOLDEN.resolve(sample.name() + ".json");
    String written = pretty(serialization.serialize(event).get());
    if (REWRITE) {
      Files.createDirectories(GOLDEN);
      Files.writeString(golden, written);
    }
    assertThat(golden).as("make golden writes it").exists().content().isEqualTo(written);
    assertThat(read(Files.readAllBytes(golden), event)).isEqualTo(event);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void no_class_name_goes_into_the_journal(Sample sample) {
    JournalEvent event = sample.event();
    var serializer = serialization.findSerializerFor(event);
    assertThat(Serializers.manifestFor(serializer, event)).isEmpty();
    String text = new String(serialization.serialize(event).get(), StandardCharsets.UTF_8);
    assertThat(text).doesNotContain("io.volant");
  }

  @Test
  void every_event_that_is_stored_has_a_sample() {
    Set<Class<?>> sampled =
        samples().stream().map(sample -> sample.event().getClass()).collect(Collectors.toSet());
    Set<Class<?>> stored =
        Stream.of(
                VmEvent.class,
                PluginEvent.class,
                NetworkEvent.class,
                DeploymentEvent.class,
                HostEvent.class,
                IdempotencyEvent.class)
            .flatMap(family -> Arrays.stream(family.getPermittedSubclasses()))
            .collect(Collectors.toSet());
    assertThat(sampled).isEqualTo(stored);
  }

  @Test
  void every_golden_file_belongs_to_an_event() throws IOException {
    Set<String> names =
        samples().stream().map(sample -> sample.name() + ".json").collect(Collectors.toSet());
    try (Stream<Path> files = Files.list(GOLDEN)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(names);
    }
  }

  @Test
  void a_field_that_a_newer_daemon_wrote_does_not_stop_an_older_one() throws IOException {
    JournalEvent event = samples().getFirst().event();
    String golden = Files.readString(GOLDEN.resolve(event.type() + ".json"));
    String newer = golden.replaceFirst("\\{", "{\"from_the_future\": [1],");
    assertThat(read(newer.getBytes(StandardCharsets.UTF_8), event)).isEqualTo(event);
  }

  private static Object read(byte[] json, JournalEvent like) {
    int serializer = serialization.findSerializerFor(like).identifier();
    return serialization.deserialize(json, serializer, "").get();
  }

  private static String pretty(byte[] json) throws IOException {
    return PRETTY.writeValueAsString(PRETTY.readTree(json)) + "\n";
  }
}
