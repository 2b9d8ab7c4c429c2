package io.volant.cli;

/** Answers of a daemon. */
final class Samples {
  static final String STARTING =
      """
      {"id": 7, "name": "web-1", "status": "starting", "health": "unknown", "plugin": "hello", "runtime": "hello",
       "host": "host-1", "ip_address": "", "mac_address": "02:76:6c:00:00:07", "vsock_cid": 0, "cpu_cores": 1,
       "memory_mb": 128, "kernel_cmdline": "", "serial_socket": "", "created_at": "2026-11-23T13:00:00.000Z",
       "updated_at": "2026-11-23T13:00:00.000Z"}
      """;

  static final String HEALTHY =
      """
      {"id": 7, "name": "web-1", "status": "running", "health": "healthy", "plugin": "hello", "runtime": "hello",
       "host": "host-1", "pid": 4711, "ip_address": "192.168.127.10", "mac_address": "02:76:6c:00:00:07",
       "vsock_cid": 0, "cpu_cores": 1, "memory_mb": 128, "kernel_cmdline": "quiet",
       "serial_socket": "/var/lib/volant/vms/7/console.sock", "boot_ms": 1240,
       "created_at": "2026-11-23T13:00:00.000Z", "updated_at": "2026-11-23T13:00:01.240Z"}
      """;

  static final String CRASHED =
      """
      {"id": 8, "name": "web-2", "status": "crashed", "health": "unknown", "plugin": "hello", "runtime": "hello",
       "host": "host-1", "ip_address": "", "mac_address": "02:76:6c:00:00:08", "vsock_cid": 0, "cpu_cores": 2,
       "memory_mb": 2048, "kernel_cmdline": "", "serial_socket": "",
       "exit": {"signal": 9, "reason": "the hypervisor was killed by signal 9", "at": "2026-11-23T14:00:00.000Z",
                "console": ["Run /init as init process", "kestrel: workload started"]},
       "created_at": "2026-11-20T13:00:00.000Z", "updated_at": "2026-11-23T14:00:00.000Z"}
      """;

  static final String STOPPED = STARTING.replace("starting", "stopped");

  static final String RUNNING =
      HEALTHY.replace("\"health\": \"healthy\"", "\"health\": \"unknown\"");

  static final String TIMELINE =
      """
      {"name": "web-1", "attempt": 2, "started_at": "2026-11-23T13:00:00.000Z", "total_ms": 1240, "steps": [
       {"step": "start_requested", "at": "2026-11-23T13:00:00.000Z", "since_start_ms": 0, "took_ms": 0, "source": "host"},
       {"step": "tap_up", "at": "2026-11-23T13:00:00.040Z", "since_start_ms": 40, "took_ms": 40, "source": "host"},
       {"step": "launched", "at": "2026-11-23T13:00:00.100Z", "since_start_ms": 100, "took_ms": 60, "source": "host"},
       {"step": "guest: mount /proc", "at": "2026-11-23T13:00:00.900Z", "since_start_ms": 900, "took_ms": 800, "source": "guest"},
       {"step": "healthy", "at": "2026-11-23T13:00:01.240Z", "since_start_ms": 1240, "took_ms": 340, "source": "host"}]}
      """;

  static final String MANIFEST =
      """
      {"schema_version": "1.0", "name": "hello", "version": "0.1.0", "runtime": "hello", "enabled": true,
       "resources": {"cpu_cores": 1, "memory_mb": 128},
       "workload": {"type": "http", "base_url": "http://127.0.0.1:80", "entrypoint": ["/usr/bin/hello", "-p", "80"]},
       "initramfs": {"url": "/srv/hello.cpio.gz"}}
      """;

  private Samples() {}

  static String error(String code, String message) {
    return "{\"error\": \"" + message + "\", \"code\": \"" + code + "\", \"details\": []}";
  }

  /** A frame of the feed. */
  static String frame(
      int id, String type, String name, String time, String status, String message) {
    String data =
        ("{'type':'"
                + type
                + "','name':'"
                + name
                + "','status':'"
                + status
                + "','ip_address':'','mac_address':'',"
                + "'timestamp':'2026-11-23T13:00:"
                + time
                + "Z','message':'"
                + message
                + "'}")
            .replace('\'', '"');
    return "id: " + id + "\nevent: " + type + "\ndata: " + data + "\n\n";
  }
}
