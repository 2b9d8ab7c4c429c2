package io.volant.fake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.volant.deployment.DeploymentCommand.Change;
import io.volant.deployment.DeploymentReply;
import io.volant.deployment.VmTemplate;
import io.volant.host.HostCommand;
import io.volant.model.Asker;

/** What tests ask of a daemon about deployments, in short words. */
public final class Deployments {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Asker TESTER = new Asker("tester", "request-1");

  private Deployments() {}

  /** A config with these extra words for the simulated driver. */
  public static ObjectNode config(String words) {
    return json("{\"plugin\": \"hello\", \"kernel_cmdline\": \"" + words + "\"}");
  }

  public static ObjectNode json(String text) {
    try {
      return (ObjectNode) MAPPER.readTree(text);
    } catch (JsonProcessingException broken) {
      throw new IllegalArgumentException(text, broken);
    }
  }

  public static DeploymentReply create(
      SimulatedHost host, String name, int replicas, ObjectNode config) {
    return host.ask(replyTo ->
        new HostCommand.CreateDeployment(
            name, replicas, null, new VmTemplate(config), TESTER, replyTo));
  }

  public static DeploymentReply scale(SimulatedHost host, String name, int replicas) {
    return update(host, name, new Change(replicas, null, null));
  }

  public static DeploymentReply update(SimulatedHost host, String name, ObjectNode config) {
    return update(host, name, new Change(null, null, config));
  }

  public static DeploymentReply update(SimulatedHost host, String name, Change change) {
    return host.ask(replyTo -> new HostCommand.UpdateDeployment(name, change, TESTER, replyTo));
  }

  public static DeploymentReply rollBack(SimulatedHost host, String name) {
    return host.ask(replyTo -> new HostCommand.RollBackDeployment(name, TESTER, replyTo));
  }

  public static DeploymentReply delete(SimulatedHost host, String name) {
    return host.ask(replyTo -> new HostCommand.DeleteDeployment(name, TESTER, replyTo));
  }
}
