import client.ApiClient;
import client.ApiException;
import client.api.PluginsApi;
import client.api.SystemApi;
import client.api.VmsApi;
import client.model.CreateVm;
import client.model.Error;
import client.model.PluginManifest;
import client.model.PluginManifestResources;
import client.model.PluginManifestWorkload;
import client.model.VersionedConfig;
import client.model.Vm;
import client.model.VmConfig;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What somebody writes who has made a client from {@code schemas/openapi.yaml}. */
public final class ClientStory {

  private ClientStory() {}

  /** Uses the API at a place, and tells what came of it. */
  public static List<String> tell(String place) throws ApiException, JsonProcessingException {
    ApiClient client = new ApiClient();
    client.updateBaseUri(place);
    VmsApi vms = new VmsApi(client);
    List<String> story = new ArrayList<>();
    story.add("health " + new SystemApi(client).getHealth().getStatus());
    story.add("at first " + vms.listVms(null, null, null, null, null, null, null, null).size());

    new PluginsApi(client).installPlugin(hello(), null, null);
    CreateVm order = new CreateVm().name("web-1").plugin("hello");
    order.setConfig(new VmConfig().env(Map.of("GREETING", "hello")));
    Vm made = vms.createVm(order, "order-1", "healthy", 20);
    story.add("made " + made.getName() + " " + made.getStatus() + " " + made.getMemoryMb());
    for (Vm each : vms.listVms(List.of("running"), null, null, null, 10, 0, "name", "asc")) {
      story.add("listed " + each.getName() + " " + each.getCreatedAt().getOffset());
    }
    story.add("shown " + vms.getVm("web-1", null).getIpAddress());
    VersionedConfig config = vms.getVmConfig("web-1");
    story.add("config " + config.getVersion() + " " + config.getConfig().getEnv());
    story.add("policy " + config.getConfig().getRestartPolicy().getRestartRule().getPolicy());
    try {
      vms.getVm("none", null);
    } catch (ApiException refused) {
      Error error =
          client.getObjectMapper().readValue(refused.getResponseBody(), Error.class);
      story.add("refused " + refused.getCode() + " " + error.getCode() + ": " + error.getError());
    }
    vms.deleteVm("web-1", null);
    story.add("at last " + vms.listVms(null, null, null, null, null, null, null, null).size());
    return story;
  }

  private static PluginManifest hello() {
    return new PluginManifest()
        .name("hello")
        .version("1")
        .resources(new PluginManifestResources().cpuCores(1).memoryMb(64))
        .workload(
            new PluginManifestWorkload()
                .type(PluginManifestWorkload.TypeEnum.HTTP)
                .baseUrl("http://127.0.0.1:8080")
                .entrypoint(List.of("/bin/true")))
        .initramfs(Map.of("url", "/images/hello.cpio.gz"));
  }
}
