package io.volant.fledge.step;

import java.util.ArrayList;
import java.util.List;

/**
 * The commands that are links to busybox. A fixed list: what the host's busybox offers differs from
 * host to host, and with it the image would. A command that a busybox lacks says so when it is
 * called.
 */
final class Applets {
  private static final String BIN =
      """
      arch ash base64 cat chgrp chmod chown cp cpio cut date dd df dmesg dnsdomainname echo ed
      egrep false fgrep getopt grep gunzip gzip hostname ionice ipcalc kill link linux32 linux64
      ln login ls mkdir mknod mktemp more mount mv netstat pidof ping ping6 ps pwd rev rm rmdir
      run-parts sed setpriv sh sleep stat stty su sync tar touch true umount uname usleep vi watch
      zcat
      """;
  private static final String SBIN =
      """
      arp blkdiscard blockdev depmod fdisk findfs freeramdisk fstrim getty halt hwclock ifconfig
      ifdown ifup insmod ip ipneigh losetup lsmod mkswap modinfo modprobe nameif pivot_root
      poweroff reboot rmmod route start-stop-daemon swapoff swapon switch_root sysctl tc tunctl
      udhcpc
      """;
  private static final String USR_BIN =
      """
      [ [[ awk basename bc bunzip2 bzcat bzip2 cal clear cmp crontab dc diff dirname dos2unix du
      env expand expr factor fallocate find fold free ftpget ftpput groups head hexdump hostid id
      killall last less logger logname lzcat md5sum microcom mkfifo nc nl nproc nsenter nslookup
      od paste patch printf readlink realpath renice reset seq setsid sha1sum sha256sum sha512sum
      shred shuf sort strings tac tail taskset tee telnet test tftp time timeout top tr traceroute
      traceroute6 truncate ts tty unexpand uniq unix2dos unlink unshare unxz unzip uptime wc wget
      which who whoami xargs xxd xz xzcat yes
      """;
  private static final String USR_SBIN =
      """
      arping brctl chroot crond httpd nologin rdate syslogd telnetd
      """;

  private Applets() {}

  /** The absolute paths of the links. */
  static List<String> paths() {
    List<String> paths = new ArrayList<>();
    addTo(paths, "/bin/", BIN);
    addTo(paths, "/sbin/", SBIN);
    addTo(paths, "/usr/bin/", USR_BIN);
    addTo(paths, "/usr/sbin/", USR_SBIN);
    return List.copyOf(paths);
  }

  private static void addTo(List<String> paths, String folder, String names) {
    for (String name : names.strip().split("\\s+", -1)) {
      paths.add(folder + name);
    }
  }
}
