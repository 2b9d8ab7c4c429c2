package io.volant.api;

import io.volant.deployment.Deployment;
import io.volant.deployment.DeploymentDirectory;
import io.volant.deployment.DeploymentReply;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** {@code /api/v1/deployments}: so many VMs of one config. */
final class DeploymentRoutes {

  private static final String ALL = "/api/v1/deployments";
  private static final String ONE = ALL + "/{deployment}";

  private final HostDesk desk;
  private final DeploymentDirectory deployments;
  private final DeploymentJson deploymentJson;
  private final DeploymentRequestReader requests;
  private final JsonBody bodies;

  DeploymentRoutes(
      HostDesk desk,
      DeploymentDirectory deployments,
      DeploymentJson deploymentJson,
      DeploymentRequestReader requests,
      JsonBody bodies) {
    this.desk = desk;
    this.deployments = deployments;
    this.deploymentJson = deploymentJson;
    this.requests = requests;
    this.bodies = bodies;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(ALL, this::list),
        Endpoint.post(ALL, this::create),
        Endpoint.get(ONE, this::show),
        Endpoint.patch(ONE, this::change),
        Endpoint.delete(ONE, this::delete),
        Endpoint.order(ONE + "/rollback", this::rollBack),
        Endpoint.get(ONE + "/history", this::history));
  }

  private CompletionStage<HttpResponse> list(Call call) {
    return CompletableFuture.completedFuture(
        Answers.ok(json -> {
          json.writeStartArray();
          for (Deployment deployment : deployments.all()) {
            deploymentJson.write(json, deployment, call.principal());
          }
          json.writeEndArray();
        }));
  }

  private CompletionStage<HttpResponse> create(Call call) {
    return bodies
        .of(call.request())
        .thenCompose(body -> {
          DeploymentRequestReader.NewDeployment wanted = requests.create(body);
          return desk.createDeployment(
              wanted.name(),
              wanted.replicas(),
              wanted.maxUnavailable(),
              wanted.config(),
              call.asker());
        })
        .thenApply(reply -> answer(call, 201, reply));
  }

  private CompletionStage<HttpResponse> show(Call call) {
    return CompletableFuture.completedFuture(shown(call, 200, find(call)));
  }

  private CompletionStage<HttpResponse> history(Call call) {
    Deployment deployment = find(call);
    return CompletableFuture.completedFuture(
        Answers.ok(json -> deploymentJson.writeHistory(json, deployment, call.principal())));
  }

  private CompletionStage<HttpResponse> change(Call call) {
    return bodies
        .of(call.request())
        .thenCompose(body ->
            desk.updateDeployment(call.path("deployment"), requests.change(body), call.asker()))
        .thenApply(reply -> answer(call, 200, reply));
  }

  private CompletionStage<HttpResponse> rollBack(Call call) {
    return desk.rollBackDeployment(call.path("deployment"), call.asker())
        .thenApply(reply -> answer(call, 200, reply));
  }

  private CompletionStage<HttpResponse> delete(Call call) {
    return desk.deleteDeployment(call.path("deployment"), call.asker())
        .thenApply(reply ->
            call.again() && isNotFound(reply) ? Answers.nothing() : answer(call, 200, reply));
  }

  private static boolean isNotFound(DeploymentReply reply) {
    return reply instanceof DeploymentReply.Refused refused
        && refused.reason() == DeploymentReply.Reason.NOT_FOUND;
  }

  private HttpResponse answer(Call call, int status, DeploymentReply reply) {
    return switch (reply) {
      case DeploymentReply.Accepted(var deployment) -> {
        HttpResponse answer = shown(call, status, deployment);
        yield status == 201
            ? answer.addHeader(RawHeader.create("Location", ALL + "/" + deployment.name()))
            : answer;
      }
      case DeploymentReply.Deleted _ -> Answers.nothing();
      case DeploymentReply.Refused refused -> ReplyStatus.of(refused).response();
    };
  }

  private HttpResponse shown(Call call, int status, Deployment deployment) {
    return Answers.json(status, json -> deploymentJson.write(json, deployment, call.principal()));
  }

  private Deployment find(Call call) {
    String name = call.path("deployment");
    return deployments.find(name).orElseThrow(() -> Problem.noDeployment(name).asException());
  }
}
