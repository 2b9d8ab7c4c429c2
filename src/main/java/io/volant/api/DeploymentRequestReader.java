package io.volant.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.volant.deployment.DeploymentCommand.Change;
import io.volant.deployment.VmTemplate;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of requests for deployments. */
final class DeploymentRequestReader {

  /** What somebody asks of a new deployment. */
  record NewDeployment(
      String name, int replicas, @Nullable Integer maxUnavailable, VmTemplate config) {}

  private final ApiDocument document;
  private final VmRequestReader vms;

  DeploymentRequestReader(ApiDocument document, VmRequestReader vms) {
    this.document = document;
    this.vms = vms;
  }

  /** The request, or a {@link ProblemException} that names every wrong field. */
  NewDeployment create(JsonNode body) {
    document.check("CreateDeployment", body);
    ObjectNode config = (ObjectNode) body.get("config");
    checkConfig(config);
    if (config.path("plugin").asText("").isEmpty()) {
      throw Problem.ofField("config.plugin", "is missing: it says what the VMs are made from")
          .asException();
    }
    return new NewDeployment(
        body.get("name").textValue(),
        body.get("replicas").intValue(),
        number(body, "max_unavailable"),
        new VmTemplate(config));
  }

  /** The change, or a {@link ProblemException} that names every wrong field. */
  Change change(JsonNode body) {
    document.check("ChangeDeployment", body);
    ObjectNode config = body.get("config") instanceof ObjectNode given ? given : null;
    if (config != null) {
      checkConfig(config);
    }
    return new Change(number(body, "replicas"), number(body, "max_unavailable"), config);
  }

  private void checkConfig(ObjectNode config) {
    vms.checkConfig(config);
    JsonNode policy = config.path("restart_policy");
    JsonNode name = policy.isObject() ? policy.path("policy") : policy;
    if (!name.isMissingNode() && !name.asText().equals("no")) {
      // Two would act on one crash: the VM that starts itself, and the deployment that replaces it.
      throw Problem.ofField(
              "config.restart_policy",
              "must be absent or \"no\": a deployment replaces by itself what crashes")
          .asException();
    }
  }

  private static @Nullable Integer number(JsonNode body, String field) {
    return body.has(field) ? Integer.valueOf(body.get(field).intValue()) : null;
  }
}
