package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.junit.jupiter.api.Test;

class RouterTest {

  private static final Endpoint.Handler NONE =
      _ -> CompletableFuture.completedFuture(HttpResponse.create());
  private static final Endpoint LIST = Endpoint.get("/vms", NONE);
  private static final Endpoint CREATE = Endpoint.post("/vms", NONE);
  private static final Endpoint ONE = Endpoint.get("/vms/{name}", NONE);
  private static final Endpoint AGENT = Endpoint.get("/vms/{name}/agent/{path}", NONE);

  private final Router router = new Router(List.of(LIST, CREATE, ONE, AGENT));

  @Test
  void a_path_leads_to_its_endpoint() {
    assertThat(find("/vms")).isEqualTo(new Router.Match.Found(LIST, Map.of()));
    assertThat(find("/vms/web-1")).isEqualTo(new Router.Match.Found(ONE, Map.of("name", "web-1")));
  }

  @Test
  void a_part_is_decoded_after_the_path_was_split() {
    assertThat(find("/vms/a%2Fb+c%00"))
        .isEqualTo(new Router.Match.Found(ONE, Map.of("name", "a/b+c\0")));
  }

  @Test
  void the_rest_of_a_path_is_kept_as_it_came() {
    for (String rest : List.of("", "x", "v1/x", "a//b/", "a%2Fb")) {
      assertThat(find("/vms/web-1/agent/" + rest))
          .isEqualTo(new Router.Match.Found(AGENT, Map.of("name", "web-1", "path", rest)));
    }
    assertThat(find("/vms/web-1/agent"))
        .isEqualTo(new Router.Match.Found(AGENT, Map.of("name", "web-1", "path", "")));
  }

  @Test
  void a_wrong_method_is_told_the_right_ones() {
    assertThat(router.find(HttpMethods.PUT, "/vms"))
        .isEqualTo(new Router.Match.WrongMethod("GET, POST"));
  }

  @Test
  void everything_else_leads_to_nothing() {
    for (String path :
        List.of("/", "/vm", "/vms/", "/vms/web-1/", "/vms/web-1/x", "//vms", "/vms//")) {
      assertThat(find(path)).as(path).isEqualTo(new Router.Match.Nothing());
    }
  }

  private Router.Match find(String path) {
    return router.find(HttpMethods.GET, path);
  }
}
