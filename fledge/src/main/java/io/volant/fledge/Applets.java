package io.volant.fledge;

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
      arch ash base64 cat chgrp chmod chown cp cpio cut date dd df dmesg dnsdomainname echo egrep false fgrep fsync
      getopt grep gunzip gzip hostname ionice kill link linux32 linux64 ln login ls lsattr mkdir mknod mktemp more
      mount mountpoint mv netstat nice pidof ping ping6 printenv ps pwd rev rm rmdir run-parts sed setpriv sh sleep
      stat stty su sync tar touch true umount uname usleep vi watch zcat
      """;
  private static final String SBIN =
      """
      arp blkid blockdev depmod fdisk findfs freeramdisk fstrim halt hdparm hwclock ifconfig ifdown ifup insmod ip
      ipneigh iplink iproute ipaddr losetup lsmod mkswap modinfo modprobe nameif pivot_root poweroff reboot rmmod
      route swapoff swapon switch_root sysctl udhcpc
      """;
  private static final String USR_BIN =
      """
      [ [[ awk basename bc bunzip2 bzcat bzip2 cal clear cmp comm cryptpw dc diff dirname dos2unix du env expand expr
      factor find fold free ftpget ftpput fuser groups head hexdump id install ipcrm ipcs killall last less logger
      logname lzcat md5sum microcom mkfifo nc nl nohup nproc nslookup od paste patch pgrep pkill printf pscan readlink
      realpath renice reset resize seq setsid sha1sum sha256sum sha512sum shred shuf sort split strings sum tac tail
      tee telnet test time timeout top tr traceroute truncate tty unexpand uniq unix2dos unlink unshare unxz unzip
      uptime wc wget which who whoami whois xargs xxd xz xzcat yes
      """;
  private static final String USR_SBIN =
      """
      addgroup adduser arping brctl chroot crond delgroup deluser dnsd fbset httpd inetd nologin ntpd rdate syslogd
      telnetd tftpd
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
