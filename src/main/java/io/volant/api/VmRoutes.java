package io.volant.api;

import io.volant.host.HostReply;
import io.volant.vm.Phase;
import io.volant.vm.Vm;
import io.volant.vm.VmDirectory;
import io.volant.vm.VmReply;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** {@code /api/v1/vms}: VMs. What is shown comes from the directory, what is done from the host. */
final class VmRoutes {

  private static final String ALL = "/api/v1/vms";
  private static final String ONE = ALL + "/{name}";
  private static final int AT_LENGTH_MAX = 128;

  private final HostDesk desk;
  private final VmDirectory vms;
  private final VmListing listing;
  private final VmJson vmJson;
  private final VmWaiting waiting;
  private final JsonBody bodies;
  private final VmRequestReader requests;
  private final VmStories stories;

  VmRoutes(
      HostDesk desk,
      VmDirectory vms,
      VmJson vmJson,
      JsonBody bodies,
      VmRequestReader requests,
      VmStories stories) {
    this.desk = desk;
    this.vms = vms;
    this.listing = new VmListing(vms::all, vms::version);
    this.vmJson = vmJson;
    this.waiting = new VmWaiting(desk, vms, vmJson);
    this.bodies = bodies;
    this.requests = requests;
    this.stories = stories;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(ALL, this::list),
        Endpoint.post(ALL, this::create),
        Endpoint.get(ONE, this::show),
        Endpoint.delete(ONE, this::delete),
        Endpoint.order(ONE + "/start", this::start),
        Endpoint.order(ONE + "/stop", this::stop),
        Endpoint.order(ONE + "/restart", this::restart));
  }

  /** The VM with the name in a call's path, or a {@link ProblemException}. */
  static Vm find(VmDirectory vms, Call call) {
    String name = call.path("name");
    return vms.find(name).orElseThrow(() -> Problem.noVm(name).asException());
  }

  private CompletionStage<HttpResponse> list(Call call) {
    VmListing.Page page = listing.page(VmQuery.of(call.query()));
    HttpResponse answer =
        Answers.ok(json -> {
          json.writeStartArray();
          for (Vm vm : page.vms()) {
            vmJson.write(json, vm);
          }
          json.writeEndArray();
        });
    return CompletableFuture.completedFuture(
        answer.addHeader(RawHeader.create("X-Total-Count", Integer.toString(page.total()))));
  }

  private CompletionStage<HttpResponse> create(Call call) {
    VmWaiting.Wish wish = VmWaiting.Wish.up(call.query());
    return bodies
        .of(call.request())
        .thenCompose(body -> desk.create(requests.read(body), call.asker()))
        .thenCompose(reply ->
            switch (reply) {
              case HostReply.VmCreated(var vm) ->
                  waiting
                      .answer(201, vm, wish)
                      .thenApply(answer ->
                          answer.addHeader(RawHeader.create("Location", ALL + "/" + vm.name())));
              case HostReply.Refused refused ->
                  CompletableFuture.completedFuture(ReplyStatus.of(refused).response());
            });
  }

  private CompletionStage<HttpResponse> show(Call call) {
    QueryReader query = call.query();
    Optional<String> at = query.text("at", AT_LENGTH_MAX);
    query.check();
    CompletionStage<Vm> vm =
        at.isEmpty()
            ? CompletableFuture.completedFuture(find(vms, call))
            : then(call.path("name"), at.get());
    return vm.thenApply(found -> Answers.ok(json -> vmJson.write(json, found)));
  }

  /** The VM as it was at a time, or after an event. */
  private CompletionStage<Vm> then(String name, String at) {
    if (at.contains("#")) {
      return stories.at(name, at);
    }
    try {
      return stories.at(name, OffsetDateTime.parse(at).toInstant());
    } catch (DateTimeParseException notATime) {
      throw Problem.ofField(
              "at",
              "must be a time such as 2026-01-31T12:00:00Z or the id of an event such as vm/7#12"
                  + QueryReader.was(at))
          .asException();
    }
  }

  private CompletionStage<HttpResponse> delete(Call call) {
    return desk.delete(call.path("name"), call.asker())
        .thenApply(reply ->
            switch (reply) {
              case VmReply.Accepted _ -> Answers.nothing();
              case VmReply.Refused refused ->
                  call.again() && refused.reason() == VmReply.Reason.NOT_FOUND
                      ? Answers.nothing()
                      : refused(call, refused);
            });
  }

  private CompletionStage<HttpResponse> start(Call call) {
    VmWaiting.Wish wish = VmWaiting.Wish.up(call.query());
    return changed(call, wish, desk.start(call.path("name"), call.asker()));
  }

  private CompletionStage<HttpResponse> stop(Call call) {
    VmWaiting.Wish wish = VmWaiting.Wish.down(call.query());
    return changed(call, wish, desk.stop(call.path("name"), call.asker()));
  }

  private CompletionStage<HttpResponse> restart(Call call) {
    VmWaiting.Wish wish = VmWaiting.Wish.up(call.query());
    Optional<Vm> restarted =
        call.again()
            ? vms.find(call.path("name")).filter(vm -> isBusyWith(vm, call.asker().cause()))
            : Optional.empty();
    return restarted
        .map(vm -> waiting.answer(200, vm, wish))
        .orElseGet(() -> changed(call, wish, desk.restart(call.path("name"), call.asker())));
  }

  private CompletionStage<HttpResponse> changed(
      Call call, VmWaiting.Wish wish, CompletionStage<VmReply> asked) {
    return asked.thenCompose(reply ->
        switch (reply) {
          case VmReply.Accepted(var vm) -> waiting.answer(200, vm, wish);
          case VmReply.Refused refused ->
              done(call, refused)
                  .map(vm -> waiting.answer(200, vm, wish))
                  .orElseGet(() -> CompletableFuture.completedFuture(refused(call, refused)));
        });
  }

  /** The VM, where a refusal only says that an earlier run of this call has done it already. */
  private Optional<Vm> done(Call call, VmReply.Refused refused) {
    if (!call.again() || refused.reason() == VmReply.Reason.NOT_FOUND) {
      return Optional.empty();
    }
    return vms.find(call.path("name"))
        .filter(vm ->
            switch (refused.reason()) {
              case ALREADY_RUNNING -> true;
              case ALREADY_STOPPED -> true;
              case WRONG_STATE -> isBusyWith(vm, call.asker().cause());
              case ALREADY_EXISTS, NOT_FOUND, VERSION_MISMATCH, TOO_MANY_WAITING -> false;
            });
  }

  /** Whether what the VM did last, or does now, it does because of this. */
  private static boolean isBusyWith(Vm vm, String cause) {
    return vm.timeline().cause().equals(cause)
        || (vm.phase() instanceof Phase.Ending ending && ending.cause().equals(cause));
  }

  private static HttpResponse refused(Call call, VmReply.Refused refused) {
    return refused.reason() == VmReply.Reason.NOT_FOUND
        ? Problem.noVm(call.path("name")).response()
        : ReplyStatus.of(refused).response();
  }
}
