package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.deployment.DeploymentEvent;
import io.volant.deployment.VmTemplate;
import io.volant.fake.Deployments;
import io.volant.host.HostEvent;
import io.volant.idempotency.IdempotencyEvent;
import io.volant.journal.JournalEvent;
import io.volant.model.Stamp;
import io.volant.model.VmId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventTextTest {

  private static final Instant AT = Instant.parse("2026-03-01T12:00:00Z");
  private static final Stamp STAMP = new Stamp("deployment/web#1", "web", AT, "ada", "r-1");

  @Test
  void what_happens_to_deployments_is_one_line_without_what_may_be_secret() {
    VmTemplate config =
        new VmTemplate(Deployments.json("{\"plugin\": \"hello\", \"env\": {\"KEY\": \"s3cret\"}}"));
    assertThat(text(new DeploymentEvent.Created(STAMP, 1, 1, config)))
        .isEqualTo("created, with 1 replica");
    assertThat(text(new DeploymentEvent.ConfigChanged(STAMP, 2, config)))
        .isEqualTo("config changed: revision 2");
    assertThat(text(new DeploymentEvent.Scaled(STAMP, 5, 2)))
        .isEqualTo("scaled to 5 replicas, at most 2 away at once");
    assertThat(text(new DeploymentEvent.ReplicaMade(STAMP, 3, new VmId(7))))
        .isEqualTo("web-3 is vm/7");
    assertThat(text(new DeploymentEvent.ReplicaFailed(STAMP, 3, 2, AT, "out of memory")))
        .isEqualTo("web-3 failed 2 times in a row: out of memory");
    assertThat(
            text(
                new DeploymentEvent.ReplicaUnwanted(
                    STAMP, 3, new VmId(7), DeploymentEvent.Why.OUTDATED)))
        .isEqualTo("web-3 shall go: it has another revision");
  }

  @Test
  void what_the_host_and_keys_are_about_is_told() {
    assertThat(text(new HostEvent.DeploymentRegistered(STAMP, "web")))
        .isEqualTo("the deployment web is known");
    assertThat(text(new IdempotencyEvent.Begun(STAMP, "k-1", "ab")))
        .isEqualTo("the change of key k-1 has begun");
  }

  private static String text(JournalEvent event) {
    return EventText.of(event).message();
  }
}
