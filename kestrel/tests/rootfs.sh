# shellcheck shell=bash
# Boots from disks: every kind of root file system, changes that last, further disks, users, and disks that are missing or
# broken. Sourced by boot-qemu, after qemu.sh. Few boots, each of which shows several things; the guest tells what it sees as
# lines that begin with "fact" on its console.
# shellcheck disable=SC2154  # $work and $kestrel are boot-qemu's

# The program of every image. Its first word says what it is to do before it goes to sleep.
write_serve() {
  cat >"$1/serve" <<'SCRIPT'
#!/bin/sh
PATH=/bin
b() { busybox "$@"; }
fact() { echo "fact $*"; }
fact id "$(b id -u):$(b id -g):$(b id -G)" home "$HOME" in "$(b pwd)"
b awk '$1 != "none" { print "fact mount", $2, $3, substr($4, 1, 2) }' /proc/mounts
for file in /mark /data/mark /ci/user-data /etc/hostname /etc/resolv.conf; do
  [ -e "$file" ] && fact "$file" is "$(b cat "$file")"
done
[ -L /etc/resolv.conf ] && fact resolv.conf is a link
[ -e /volant ] && fact initramfs is in reach
fact init "$(b cat /proc/1/comm)" "$(b sed -n 's/^VmRSS:[ 	]*//p' /proc/1/status)" kept "$(b ls /proc/1/fd | b wc -w)"
fact by-id "$(b ls /dev/disk/by-id | b tr '\n' ' ')"
fact tmp "$(b stat -c %a /tmp)" used "$(b free -m | b awk '/Mem/ { print ($3 + $5 > 60) ? "much" : "little" }')"
case $1 in
  write)
    echo "by hand" >/mark
    [ -d /data ] && echo "on data" >/data/mark
    ;;
  log)
    echo "fact out anew" >/dev/stdout
    echo "fact err anew" >/dev/stderr
    ;;
  fill) b dd if=/dev/zero of=/filled bs=1M 2>&1 | b sed -n 's/^\([0-9]*\)+.*out/fact filled \1/p' ;;
  linger)
    b setsid /bin/sh -c "trap '' TERM; while :; do echo line; busybox sleep 0.1; done" >/data/open &
    b setsid busybox sleep 1000 &
    ;;
esac
fact done
exec busybox sleep 1000
SCRIPT
  chmod 755 "$1/serve"
}

# A tree with next to nothing in it: no /proc, /dev, /tmp, /etc.
make_bare_tree() {
  mkdir -p "$1/bin"
  cp "$(command -v busybox)" "$1/bin/busybox"
  ln -s busybox "$1/bin/sh"
  write_serve "$1"
}

# A tree as images have it, with a link where kestrel writes.
make_tree() {
  make_bare_tree "$1"
  mkdir -p "$1/etc" "$1/proc" "$1/dev" "$1/run" "$1/home/app" "$1/sys"
  printf 'root:x:0:0::/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\n' >"$1/etc/passwd"
  printf 'root:x:0:\napp:x:1001:\nlogs:x:50:app\n' >"$1/etc/group"
  ln -s ../run/resolver/resolv.conf "$1/etc/resolv.conf"
  chmod 750 "$1/etc"
  chmod 755 "$1/etc"
}

# As mkfs.xfs wants a tree described.
xfs_prototype() {
  local tree=$1
  printf '/\n0 0\nd--755 0 0\nbin d--755 0 0\nbusybox ---755 0 0 %s\nsh l--777 0 0 busybox\n$\n' "$tree/bin/busybox"
  printf 'etc d--755 0 0\npasswd ---644 0 0 %s\ngroup ---644 0 0 %s\n$\n' "$tree/etc/passwd" "$tree/etc/group"
  printf 'serve ---755 0 0 %s\n$\n' "$tree/serve"
}

make_images() {
  local full=$work/full bare=$work/bare linked=$work/linked images=$work/images
  mkdir -p "$images"
  make_tree "$full"
  make_bare_tree "$bare"
  make_bare_tree "$linked"
  ln -s /run "$linked/proc"
  mksquashfs "$full" "$images/squashfs" -quiet -no-progress -all-root >/dev/null
  mksquashfs "$linked" "$images/linked" -quiet -no-progress -all-root >/dev/null
  mkfs.erofs "$images/erofs" "$bare" >/dev/null 2>&1
  truncate -s 32M "$images/ext4" "$images/changes" "$images/data"
  mkfs.ext4 -q -d "$full" "$images/ext4"
  mkfs.ext4 -q "$images/changes"
  mkfs.ext4 -q "$images/data"
  truncate -s 320M "$images/xfs"
  xfs_prototype "$full" >"$work/prototype"
  mkfs.xfs -q -p "$work/prototype" "$images/xfs"
  truncate -s 128M "$images/btrfs"
  mkfs.btrfs -q --rootdir "$full" "$images/btrfs" >/dev/null
  truncate -s 4M "$images/cidata"
  mkfs.vfat -n CIDATA "$images/cidata" >/dev/null
  printf '#cloud-config' | mcopy -i "$images/cidata" - ::user-data
  head -c 1M /dev/zero | tr '\0' 'x' >"$images/garbage"
  # The initramfs: kestrel, and 64 MB that must not stay in memory.
  mkdir -p "$work/init"
  cp "$kestrel" "$work/init/init"
  pack_segment "$work/init" "$work/init.cpio"
  mkdir -p "$work/heavy/deep/folder"
  cp "$kestrel" "$work/heavy/init"
  truncate -s 64M "$work/heavy/deep/folder/ballast"
  pack_segment "$work/heavy" "$work/heavy.cpio"
}

# fresh IMAGE…: copies for one kernel, to be written to.
fresh() {
  local image
  for image in "$@"; do
    cp --sparse=always "$work/images/$image" "$work/disk-$image"
  done
}

# boot KERNEL "GROUPS" "WORDS" "SERIAL=FILE[,OPTION]…" RECORD…: until the guest has told all its facts. The array `more_flags`
# and the initramfs `heavy` are used if they are there.
boot() {
  boot_only "$@"
  expect_console 'fact done'
}

boot_only() {
  local disk flags=() some
  for disk in $4; do
    read -ra some < <(drive_flags "$1" "${disk%%=*}" "${disk#*=}")
    flags+=("${some[@]}")
  done
  boot_document "$1" "$2" "${@:5}"
  start "$1" "$3" "${heavy:-$work/init.cpio}" "${flags[@]}" "${more_flags[@]}"
}

expect_fact() {
  local line
  for line in "$@"; do
    grep -qaE "^fact $line"$'\r?$' "$work/console" || fail "not told: fact $line"
  done
}

expect_no_fact() {
  ! grep -qaE "^fact $1" "$work/console" || fail "told, and should not be: fact $1"
}

# A shutdown, after which these ext4 images need no repair.
shut_down_clean() {
  local image
  shut_down
  ! grep -qa 'not all of them are clean' "$work/console" || fail "the disks are not clean"
  for image in "$@"; do
    ! dumpe2fs -h "$work/disk-$image" 2>/dev/null | grep -q needs_recovery || fail "the journal of $image is not clean"
    e2fsck -fn "$work/disk-$image" >/dev/null 2>&1 || fail "$image is damaged"
  done
}

# A boot that must end by itself, with this line.
expect_failure() {
  local line=$1
  shift
  boot_only "$@"
  expect_gone "although it cannot boot"
  grep -qaF "kestrel: boot failed: $line" "$work/console" || fail "the console does not say: $line"
}

test_squashfs_with_disk() {
  local disks="root=$work/images/squashfs,readonly=on changes=$work/disk-changes data=$work/disk-data ci=$work/images/cidata,readonly=on"
  local records=(root_disk=root overlay_disk=changes disk=data:rw:/data disk=ci:ro:/ci dns=192.168.127.3 hostname=disk-7 arg=/serve)
  fresh changes data
  boot "$1" Rootfs '' "$disks" "${records[@]}" arg=write workdir=/srv/new/place
  expect_fact 'id 0:0:0 home /root in /srv/new/place' 'mount / overlay rw' 'mount /data ext4 rw' 'mount /ci vfat ro' \
    '/ci/user-data is #cloud-config' '/etc/hostname is disk-7' '/etc/resolv.conf is nameserver 192.168.127.3' \
    'init init .*' 'by-id virtio-changes virtio-ci virtio-data virtio-root ' 'tmp 1777 used little'
  expect_no_fact '/mark'
  expect_no_fact 'resolv.conf is a link'
  expect_no_fact 'initramfs'
  shut_down_clean changes data
  boot "$1" Rootfs '' "$disks" "${records[@]}" arg=log user=app
  expect_fact '/mark is by hand' '/data/mark is on data' 'id 1000:1001:1001 50 home /home/app in /' 'out anew' 'err anew'
  shut_down_clean changes data
}

# What runs on after the workload has to stop, or is killed, and does not spoil the disks.
test_squashfs_with_memory() {
  boot "$1" Rootfs '' "root=$work/images/squashfs,readonly=on data=$work/disk-data" root_disk=root root_fstype=squashfs \
    overlay_size=8388608 disk=data:rw:/data user=0:app env=HOME=/given stop_timeout_ms=1500 arg=/serve arg=linger
  expect_fact 'id 0:1001:1001 home /given in /' 'mount / overlay rw'
  shut_down_clean data
  boot "$1" Rootfs '' "root=$work/images/squashfs,readonly=on" root_disk=root overlay_size=8388608 arg=/serve arg=fill
  expect_fact 'filled [5-8]' 'resolv.conf is a link'
  shut_down
}

test_erofs() {
  heavy=$work/heavy.cpio
  fresh changes
  boot "$1" Rootfs '' "changes=$work/disk-changes root=$work/images/erofs,readonly=on" root_disk=root overlay_disk=changes \
    dns=1.1.1.1 arg=/serve arg=write
  heavy=
  expect_fact 'id 0:0:0 home / in /' 'mount / overlay rw' '/etc/hostname is volant' '/etc/resolv.conf is nameserver 1.1.1.1' \
    'tmp 1777 used little'
  shut_down_clean changes
}

# The kinds that are written to directly.
test_ext4() {
  fresh ext4
  boot "$1" '' 'volant.boot=rootfs' "root=$work/disk-ext4" arg=/serve arg=write
  expect_fact 'mount / ext4 rw'
  shut_down_clean ext4
  [[ $(debugfs -R 'cat /mark' "$work/disk-ext4" 2>/dev/null) == 'by hand' ]] || fail "what was written to ext4 is not there"
}

test_xfs() {
  fresh xfs
  boot "$1" 'Rootfs Xfs' '' "root=$work/disk-xfs" root_disk=root arg=/serve arg=write
  expect_fact 'mount / xfs rw'
  shut_down_clean
  xfs_repair -n "$work/disk-xfs" >"$work/repair" 2>&1 || fail "xfs is damaged: $(cat "$work/repair")"
}

test_btrfs() {
  fresh btrfs
  boot "$1" 'Rootfs Btrfs' 'volant.rootfs_fstype=btrfs' "root=$work/disk-btrfs" root_disk=root root_fstype=ext4 arg=/serve arg=write
  expect_fact 'mount / btrfs rw'
  shut_down_clean
  btrfs check "$work/disk-btrfs" >"$work/repair" 2>&1 || fail "btrfs is damaged: $(cat "$work/repair")"
}

# A guest of its initramfs takes further disks too, and the word wins over the record.
test_initramfs() {
  heavy=$work/bare.cpio
  cp "$kestrel" "$work/bare/init"
  pack_segment "$work/bare" "$heavy"
  fresh data
  boot "$1" Rootfs 'volant.boot=initramfs' "data=$work/disk-data" root_disk=root disk=data:rw:/data arg=/serve arg=write
  heavy=
  expect_fact 'mount /data ext4 rw' 'by-id virtio-data ' 'initramfs is in reach'
  shut_down_clean data
}

test_unknown_user() {
  boot_only "$1" Rootfs '' "root=$work/images/squashfs,readonly=on" root_disk=root user=stranger arg=/serve
  expect_console 'kestrel: user stranger: is not listed in /etc/passwd'
  expect_event '"state":"exited",.*"code":127'
  shut_down
}

# A disk that comes after kestrel has begun to look for it.
test_late_disk() {
  if [[ $(fact "$1" virtioMmio) == true ]]; then
    say "$1: no late disk, because disks cannot be added to its machine"
    return
  fi
  rm -f "$work/monitor.in" "$work/monitor.out"
  mkfifo "$work/monitor.in" "$work/monitor.out"
  more_flags=(-chardev "pipe,id=monitor,path=$work/monitor" -mon chardev=monitor -device "pcie-root-port,id=late-slot"
    -drive "if=none,id=late,format=raw,readonly=on,file=$work/images/squashfs")
  boot_only "$1" Rootfs 'loglevel=7' '' root_disk=late arg=/serve
  more_flags=()
  cat "$work/monitor.out" >/dev/null &
  exec {monitor}>"$work/monitor.in"
  expect_console 'Run /init'
  read -rt 1 <> <(:) || true
  ! grep -qaF fact "$work/console" || fail "the guest did not wait for its disk"
  printf 'device_add virtio-blk-pci,drive=late,serial=late,bus=late-slot\n' >&"$monitor"
  expect_console 'fact done'
  exec {monitor}>&-
  expect_fact 'by-id virtio-late '
  shut_down
}

test_failures() {
  [[ -z $(fact "$1" modulesRootfs) ]] || expect_failure 'mount root: disk root: the kernel knows no file system erofs' \
    "$1" '' '' "root=$work/images/erofs,readonly=on" root_disk=root arg=/serve
  expect_failure 'find root disk: disk root: there is none with this serial number: No such device' \
    "$1" Rootfs '' "other=$work/images/squashfs,readonly=on" root_disk=root arg=/serve
  expect_failure 'find root disk: disk root: its first bytes are those of no file system that kestrel knows' \
    "$1" Rootfs '' "root=$work/images/garbage,readonly=on" root_disk=root arg=/serve
  expect_failure 'mount root: disk root: cannot be mounted at /volant/root as ext4: Invalid argument' \
    "$1" Rootfs 'volant.rootfs_fstype=ext4' "root=$work/images/garbage" root_disk=root arg=/serve
  expect_failure 'mount root: disk changes: cannot be mounted at /volant/changes as ext4: Invalid argument' \
    "$1" Rootfs '' "root=$work/images/squashfs changes=$work/images/garbage" root_disk=root overlay_disk=changes arg=/serve
  expect_failure 'enter root: /proc of the image must be a folder, or missing: Not a directory' \
    "$1" Rootfs '' "root=$work/images/linked,readonly=on" root_disk=root arg=/serve
}

# init_kib: what kestrel weighed in the last boot, which must be less than 2 MiB.
init_kib() {
  local kib
  kib=$(sed -n 's/^fact init init \([0-9]*\) kB.*/\1/p' "$work/console")
  [[ $kib -gt 0 && $kib -lt 2048 ]] || fail "kestrel has $kib KiB"
  printf '%s\n' "$kib"
}

test_root_file_systems() {
  local started=$SECONDS rss more_flags=()
  heavy=
  test_squashfs_with_disk "$1"
  rss=$(init_kib)
  test_squashfs_with_memory "$1"
  test_erofs "$1"
  test_ext4 "$1"
  test_xfs "$1"
  test_btrfs "$1"
  test_initramfs "$1"
  test_unknown_user "$1"
  test_late_disk "$1"
  test_failures "$1"
  printf 'boot-qemu: kernel=%s root file systems ok rss_kib=%s seconds=%s\n' "$1" "$rss" "$((SECONDS - started))"
}
