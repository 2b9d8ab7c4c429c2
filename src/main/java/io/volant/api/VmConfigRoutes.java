package io.volant.api;

import io.volant.host.ConfigPlan;
import io.volant.host.VmRequest;
import io.volant.vm.Vm;
import io.volant.vm.VmConfig;
import io.volant.vm.VmDirectory;
import io.volant.vm.VmEvent;
import io.volant.vm.VmReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * {@code /api/v1/vms/{name}/config}: what a VM is to be. A config may hold secrets, so who only
 * looks does not see it.
 */
final class VmConfigRoutes {

  private static final String CONFIG = "/api/v1/vms/{name}/config";
  private static final int LIMIT_MAX = 1_000;
  private static final int LIMIT = 100;

  /** How often a change is planned anew when somebody else's came in between. */
  private static final int TRIES = 4;

  private static final Pattern VERSION = Pattern.compile("\"([0-9]{1,9})\"");

  private final HostDesk desk;
  private final VmDirectory vms;
  private final JsonBody bodies;
  private final VmRequestReader requests;
  private final VmStories stories;

  VmConfigRoutes(
      HostDesk desk,
      VmDirectory vms,
      JsonBody bodies,
      VmRequestReader requests,
      VmStories stories) {
    this.desk = desk;
    this.vms = vms;
    this.bodies = bodies;
    this.requests = requests;
    this.stories = stories;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(CONFIG, this::show),
        Endpoint.patch(CONFIG, this::change),
        Endpoint.get(CONFIG + "/history", this::history));
  }

  private CompletionStage<HttpResponse> show(Call call) {
    Vm vm = VmRoutes.find(vms, call);
    return CompletableFuture.completedFuture(
        tagged(
            vm,
            Answers.ok(json -> {
              json.writeStartObject();
              VmConfigJson.write(json, vm.intent().newest(), vm.intent().since(), call.principal());
              if (!vm.atRest()) {
                json.writeNumberField("running_version", vm.config().version());
              }
              json.writeEndObject();
            })));
  }

  private CompletionStage<HttpResponse> change(Call call) {
    OptionalInt expected = expected(call);
    return bodies
        .of(call.request())
        .thenCompose(body -> {
          VmRequest.Change change = requests.readChange(body);
          Optional<Vm> done =
              call.again()
                  ? vms.find(call.path("name"))
                      .filter(vm -> vm.intent().cause().equals(call.asker().cause()))
                  : Optional.empty();
          return done.map(
                  vm -> CompletableFuture.completedStage(changed(call, vm, vm.config().config())))
              .orElseGet(() -> change(call, change, expected, TRIES));
        });
  }

  private CompletionStage<HttpResponse> change(
      Call call, VmRequest.Change change, OptionalInt expected, int tries) {
    String name = call.path("name");
    return desk.planConfig(name, change)
        .thenCompose(plan ->
            switch (plan) {
              case ConfigPlan.NoVm _ -> refused(Problem.noVm(name));
              case ConfigPlan.Refused(var why) -> refused(ReplyStatus.of(why));
              case ConfigPlan.Planned planned
                  when expected.isPresent() && expected.getAsInt() != planned.was().version() ->
                  refused(
                      Problem.of(
                          ErrorCode.VERSION_MISMATCH,
                          "the config has version "
                              + planned.was().version()
                              + ", not "
                              + expected.getAsInt()
                              + "; look at it and decide again"));
              case ConfigPlan.Planned planned ->
                  desk.changeConfig(name, planned, call.asker())
                      .thenCompose(reply ->
                          switch (reply) {
                            case VmReply.Accepted(var vm) ->
                                CompletableFuture.completedStage(
                                    changed(call, vm, planned.was().config()));
                            case VmReply.Refused refused ->
                                refused.reason() == VmReply.Reason.VERSION_MISMATCH
                                        && expected.isEmpty()
                                        && tries > 1
                                    ? change(call, change, expected, tries - 1)
                                    : refused(ReplyStatus.of(refused));
                          });
            });
  }

  private static HttpResponse changed(Call call, Vm vm, VmConfig was) {
    List<String> changes = VmConfigJson.changes(was, vm.intent().newest().config());
    return tagged(
        vm,
        Answers.ok(json -> {
          json.writeStartObject();
          VmConfigJson.write(json, vm, changes, call.principal());
          json.writeEndObject();
        }));
  }

  private static HttpResponse tagged(Vm vm, HttpResponse answer) {
    return answer.addHeader(RawHeader.create("ETag", "\"" + vm.intent().newest().version() + "\""));
  }

  /** The version that the client has seen; empty: it does not care. */
  private static OptionalInt expected(Call call) {
    Optional<String> header = Gate.header(call.request(), "If-Match").map(String::strip);
    if (header.isEmpty() || header.get().equals("*")) {
      return OptionalInt.empty();
    }
    Matcher version = VERSION.matcher(header.get());
    if (!version.matches()) {
      throw Problem.ofField(
              "If-Match",
              "must be a version in quotation marks, such as \"3\"" + QueryReader.was(header.get()))
          .asException();
    }
    return OptionalInt.of(Integer.parseInt(version.group(1)));
  }

  private static CompletionStage<HttpResponse> refused(Problem problem) {
    return CompletableFuture.completedStage(problem.response());
  }

  private CompletionStage<HttpResponse> history(Call call) {
    QueryReader query = call.query();
    int limit = (int) query.number("limit", 1, LIMIT_MAX, LIMIT);
    boolean deleted = query.flag("deleted", false);
    query.check();
    return stories.of(call.path("name"), deleted).thenApply(story -> page(call, story, limit));
  }

  private static HttpResponse page(Call call, List<VmEvent> story, int limit) {
    List<VmEvent> versions = new ArrayList<>();
    for (VmEvent event : story.reversed()) {
      if (event instanceof VmEvent.Created || event instanceof VmEvent.ConfigChanged) {
        versions.add(event);
      }
    }
    return Answers.ok(
            json -> {
              json.writeStartArray();
              for (VmEvent event : versions.subList(0, Math.min(limit, versions.size()))) {
                String id = event.stamp().id();
                json.writeStartObject();
                json.writeNumberField("id", QueryReader.digits(id.substring(id.indexOf('#') + 1)));
                VmConfigJson.write(json, version(event), event.stamp().at(), call.principal());
                json.writeStringField("by", event.stamp().by());
                json.writeEndObject();
              }
              json.writeEndArray();
            })
        .addHeader(RawHeader.create("X-Total-Count", Integer.toString(versions.size())));
  }

  private static Vm.Versioned version(VmEvent event) {
    if (event instanceof VmEvent.ConfigChanged changed) {
      return new Vm.Versioned(changed.version(), changed.config());
    }
    if (event instanceof VmEvent.Created created) {
      return new Vm.Versioned(created.version(), created.config());
    }
    throw new IllegalArgumentException(event.type() + " brings no config");
  }
}
