# shellcheck shell=bash
# A guest in QEMU (TCG, so that it runs anywhere) and its host's end of the link. Sourced by boot-qemu, after lib.sh and
# kernel-folder.sh; $work is the folder for everything.
# shellcheck disable=SC2154  # $work is boot-qemu's

readonly LIMIT_S=60 MAC=02:56:00:00:00:07

fact() {
  sed -n "s/^$2=//p" "$(kernel_folder "$1")/kernel.properties"
}

machine_flags() {
  if [[ $(fact "$1" virtioMmio) == true ]]; then
    printf -- '-M microvm,acpi=off,rtc=on -device virtio-serial-device -device virtio-net-device,netdev=net0,mac=%s\n' "$MAC"
  else
    printf -- '-M q35 -device virtio-serial-pci -device virtio-net-pci,netdev=net0,romfile=,mac=%s\n' "$MAC"
  fi
}

# The words of the command line, as in kernel/README.md for TCG: on a busy host a kernel without them finds no timer.
kernel_words() {
  local common="console=ttyS0 reboot=t panic=-1 quiet tsc=reliable no_timer_check noreplace-smp"
  if [[ $(fact "$1" virtioMmio) == true ]]; then
    printf '%s acpi=off pci=off nolapic_timer\n' "$common"
  else
    printf '%s cryptomgr.notests 8250.nr_uarts=1\n' "$common"
  fi
}

# drive_flags KERNEL SERIAL FILE[,OPTION]: a disk; OPTION such as readonly=on.
drive_flags() {
  local device=virtio-blk-pci
  [[ $(fact "$1" virtioMmio) != true ]] || device=virtio-blk-device
  printf -- '-drive if=none,id=%s,format=raw,file=%s -device %s,drive=%s,serial=%s\n' "$2" "$3" "$device" "$2" "$2"
}

# boot_document KERNEL "GROUP…" RECORD…: packs $work/boot.cpio: /volant/boot as PROTOCOL.md describes it, with the modules of
# these groups (empty: those of each boot; Rootfs, Xfs, Btrfs). Sets the array `segments` to the files that have the modules.
boot_document() {
  local kernel=$1 group module modules tree=$work/boot segment
  segments=()
  rm -rf "$tree"
  mkdir -p "$tree/volant"
  {
    printf '%s\0' boot=1 vm=7
    for group in '' $2; do
      read -ra modules < <(fact "$kernel" "modules$group") || true
      for module in "${modules[@]}"; do
        printf 'module=%s\0' "$module"
      done
    done
    printf '%s\0' "${@:3}"
  } >"$tree/volant/boot"
  for group in '' $2; do
    segment=$(fact "$kernel" "modules${group}Segment")
    [[ -z $segment ]] || segments+=("$(kernel_folder "$kernel")/$segment")
  done
  chmod 400 "$tree/volant/boot"
  pack_segment "$tree" "$work/boot.cpio"
}

# start KERNEL "WORD…" SEGMENT [FLAG…]: a machine with the modules, the segment and the boot document that were made last.
start() {
  local flags
  read -ra flags < <(machine_flags "$1")
  cat "${segments[@]}" "$3" "$work/boot.cpio" >"$work/initramfs"
  : >"$work/events"
  : >"$work/console"
  rm -f "$work/link.sock"
  qemu-system-x86_64 -nodefaults -no-user-config -no-reboot -display none -serial "file:$work/console" \
    -accel tcg -cpu max -smp 1 -m 256 "${flags[@]}" \
    -chardev "socket,id=link,path=$work/link.sock,server=on,wait=off" \
    -device virtserialport,chardev=link,name=volant.kestrel -netdev user,id=net0,restrict=on "${@:4}" \
    -kernel "$(kernel_folder "$1")/$(fact "$1" image)" -initrd "$work/initramfs" \
    -append "$(kernel_words "$1") $2 ${KERNEL_WORDS:-}" </dev/null &
  qemu=$!
}

# The port is one stream, so one curl at a time: QEMU lets the next in when the one before has gone.
link() {
  (link_exec "$@")
}

# In place of the shell, so that a kill hits curl.
link_exec() {
  exec curl -sS --http2-prior-knowledge --unix-socket "$work/link.sock" "$@"
}

# wait_for SECONDS COMMAND…: until the command succeeds.
wait_for() {
  local end=$((SECONDS + $1))
  until "${@:2}"; do
    ((SECONDS < end)) || return 1
    kill -0 "$qemu" 2>/dev/null || return 1
    read -rt 0.1 <> <(:) || true
  done
}

has_event() {
  grep -qE "$1" "$work/events"
}

fail() {
  cat "$work/console" >&2
  tail -n 20 "$work/events" >&2
  die "$1"
}

# Follows the events until there is one that matches.
expect_event() {
  : >"$work/events"
  (link_exec -N http://kestrel/v1/events >>"$work/events" 2>/dev/null) &
  reader=$!
  wait_for "$LIMIT_S" has_event "$1" || fail "no event: $1"
  kill "$reader"
  wait "$reader" 2>/dev/null || true
}

expect_log() {
  link http://kestrel/v1/logs | grep -qF "\"line\":\"$1" || fail "no log line: $1"
}

expect_gone() {
  local end=$((SECONDS + 40)) status=0
  while kill -0 "$qemu" 2>/dev/null; do
    ((SECONDS < end)) || fail "QEMU still runs $1"
    read -rt 0.1 <> <(:) || true
  done
  wait "$qemu" || status=$?
  [[ $status == 0 ]] || fail "QEMU ended with $status $1"
}

# expect_console TEXT: waits until the console has it.
expect_console() {
  wait_for "$LIMIT_S" grep -qaF -- "$1" "$work/console" || grep -qaF -- "$1" "$work/console" || fail "not on the console: $1"
}

# The host asks for the end, and the machine ends.
shut_down() {
  [[ $(link -X POST -o /dev/null -w '%{http_code}' http://kestrel/v1/shutdown) == 202 ]] || fail "shutdown is not answered"
  expect_gone "after a shutdown"
  grep -q 'kestrel: shutting down' "$work/console" || fail "the console does not say that the guest shuts down"
}
