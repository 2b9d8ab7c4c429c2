package io.volant.api;

import io.volant.vm.Guest;
import io.volant.vm.Vm;
import io.volant.vm.VmDirectory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** {@code /api/v1/vms/{name}/files}: files of a guest as tar archives. */
final class FileRoutes {

  private static final String FILES = "/api/v1/vms/{name}/files";
  private static final String TAR = "application/x-tar";
  private static final ContentType TAR_TYPE = ContentTypes.parse(TAR);
  private static final int PATH_BYTES_MAX = 1_024;

  private final VmDirectory vms;
  private final Guest guest;

  FileRoutes(ApiParts parts) {
    this.vms = parts.vms();
    this.guest = parts.guest();
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(FILES, this::read).needing(Role.OPERATOR),
        Endpoint.toWorkload(HttpMethods.PUT, FILES, this::write));
  }

  private CompletionStage<HttpResponse> read(Call call) {
    Vm vm = AgentRoutes.findRunning(vms, call);
    QueryReader query = call.query();
    String path = path(query);
    boolean follow = query.switched("follow");
    query.check();
    return guest
        .readFiles(vm.id(), path, follow)
        .thenApply(archive ->
            HttpResponse.create().withEntity(HttpEntities.createChunked(TAR_TYPE, archive)));
  }

  private CompletionStage<HttpResponse> write(Call call) {
    Vm vm = AgentRoutes.findRunning(vms, call);
    QueryReader query = call.query();
    String folder = path(query);
    boolean makeFolder = query.switched("mkdir");
    query.check();
    String type = call.request().entity().getContentType().mediaType().toString();
    if (!type.equals(TAR)) {
      throw Problem.of(
              ErrorCode.UNSUPPORTED_MEDIA_TYPE,
              "the body must be " + TAR + ", not " + Text.shown(type))
          .asException();
    }
    return guest
        .writeFiles(
            vm.id(),
            folder,
            makeFolder,
            call.request().entity().withoutSizeLimit().getDataBytes().via(new RestOfBody()))
        .thenApply(_ -> Answers.nothing());
  }

  private static String path(QueryReader query) {
    String path = query.text("path", PATH_BYTES_MAX).orElse("");
    List<String> parts = Arrays.asList(path.split("/", -1));
    if (!path.startsWith("/")
        || path.indexOf('\0') >= 0
        || parts.contains(".")
        || parts.contains("..")
        || path.getBytes(StandardCharsets.UTF_8).length > PATH_BYTES_MAX) {
      query.problem("path", "must be an absolute path without '.' and '..', of 1024 bytes at most");
    }
    return path;
  }
}
