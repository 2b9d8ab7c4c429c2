package io.volant.e2e;

import io.volant.adapter.process.CommandRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A small root file system made by the test: busybox, a web server, and scripts to look inside. */
final class RootfsImage {

  private static final CommandRunner COMMANDS = new CommandRunner(Duration.ofMinutes(1));
  private static final String HEAD = "printf 'Content-Type: text/plain\\r\\n\\r\\n'\n";

  /** A WebSocket for one letter, which is answered with a word and the end. Not for the browser. */
  private static final String SOCKET =
      """
      while read -r line; do
        line=$(echo "$line" | busybox tr -d '\\r')
        case "$line" in
          '') break ;;
          Sec-WebSocket-Key:*) key=${line#*: } ;;
          GET*|Host:*) echo "$line" >>/asked ;;
        esac
      done
      accept=$(printf '%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11' "$key" |
        busybox sha1sum | busybox cut -c1-40 | busybox xxd -r -p | busybox base64)
      printf 'HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\n'
      printf 'Sec-WebSocket-Accept: %s\\r\\n\\r\\n' "$accept"
      busybox head -c 7 >/heard
      printf '\\201\\005hello\\210\\002\\003\\350'
      """;

  private static final Path BUSYBOX = Path.of("/bin/busybox");

  /** What the guest can be asked to do, as CGI scripts. */
  private static final Map<String, String> SCRIPTS =
      Map.of(
          "keep", "cat > /kept; cat > /data/kept < /kept; busybox sync; echo kept",
          "kept", "cat /kept || echo nothing; cat /data/kept || echo nothing",
          "disks", "cd /dev/disk/by-id; for d in *; do echo $d $(busybox readlink -f $d); done",
          "whoami", "busybox id -u; busybox id -g",
          "mounts", "cat /proc/mounts; cat /etc/resolv.conf; busybox hostname",
          "seed",
              "busybox mkdir -p /tmp/seed; d=$(busybox findfs LABEL=CIDATA);"
                  + " busybox mount -t vfat -o ro $d /tmp/seed || exit;"
                  + " cd /tmp/seed; for f in *; do echo \"== $f\"; cat $f; done;"
                  + " cd /; busybox umount /tmp/seed");

  private RootfsImage() {}

  /** The tree of files, in this folder. */
  static void tree(Path root) throws IOException {
    for (String folder : List.of("bin", "etc", "data", "www/cgi-bin")) {
      Files.createDirectories(root.resolve(folder));
    }
    Files.copy(BUSYBOX, root.resolve("bin/busybox"));
    for (String name : List.of("sh", "cat")) {
      Files.createSymbolicLink(root.resolve("bin").resolve(name), Path.of("busybox"));
    }
    Files.writeString(
        root.resolve("etc/passwd"), "root:x:0:0::/:/bin/sh\nweb:x:41:42::/:/bin/sh\n");
    Files.writeString(root.resolve("etc/group"), "root:x:0:\nweb:x:42:\n");
    Files.writeString(root.resolve("www/index.html"), "a root file system\n");
    for (Map.Entry<String, String> script : SCRIPTS.entrySet()) {
      script(root, script.getKey(), HEAD + "exec 2>&1\n" + script.getValue());
    }
    script(root, "late", "cat > /begun\nbusybox sleep 30\n" + HEAD + "echo late");
    script(root, "begun", HEAD + "cat /begun");
    script(root, "socket", SOCKET);
  }

  private static void script(Path root, String name, String lines) throws IOException {
    Path file = root.resolve("www/cgi-bin").resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + lines + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** The tree as squashfs. */
  static void squashfs(Path root, Path image) throws IOException, InterruptedException {
    COMMANDS.run(
        List.of(
            "mksquashfs",
            root.toString(),
            image.toString(),
            "-noappend",
            "-no-progress",
            "-quiet",
            "-all-root"),
        "");
  }

  /** The tree as a qcow2 with ext4, or, without one, an empty ext4. */
  static void ext4(Path image, String size, String... more)
      throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>(List.of("mkfs.ext4", "-q"));
    command.addAll(List.of(more));
    command.addAll(List.of(image.toString(), size));
    COMMANDS.run(command, "");
  }

  /**
   * An initramfs whose first process is a script of its own: it loads modules until no more will,
   * takes the address from the command line, and serves.
   */
  static void bareInitramfs(Path folder, Path image) throws IOException, InterruptedException {
    tree(folder);
    Path init = folder.resolve("init");
    Files.writeString(
        init,
        """
        #!/bin/sh
        b=/bin/busybox
        $b mkdir -p /proc /dev /sys
        $b mount -t proc proc /proc
        for turn in 1 2 3 4 5; do
          for module in /volant/modules/*.ko; do $b insmod $module 2>/dev/null; done
        done
        ip=$($b sed -n 's/.* ip=\\([0-9.]*\\):.*/\\1/p' /proc/cmdline)
        $b ip link set eth0 up
        $b ip addr add $ip/24 dev eth0
        exec $b httpd -f -p 8080 -h /www
        """);
    Files.setPosixFilePermissions(init, PosixFilePermissions.fromString("rwxr-xr-x"));
    String script = "cd " + folder + " && find . | cpio -o -H newc --quiet > " + image;
    COMMANDS.run(List.of("sh", "-c", script), "");
  }

  /** A raw image as a qcow2. */
  static void qcow2(Path raw, Path image) throws IOException, InterruptedException {
    COMMANDS.run(
        List.of(
            "qemu-img", "convert", "-f", "raw", "-O", "qcow2", raw.toString(), image.toString()),
        "");
  }
}
