# shellcheck shell=bash
# What the figures with real VMs share. Sourced after lib.sh, never run.

# Ends with a clear word where real VMs on a bridge cannot be had.
require_real_vms() {
  [[ $EUID -eq 0 ]] || die "the bridge needs root; run this figure as root"
  [[ -n $(kernels) ]] || die "no kernel in $KERNELS; run: scripts/fetch-kernel (or make kernel)"
}

# The kernels that are here, our own first.
kernels() {
  [[ -z ${BENCH_KERNELS:-} ]] || { printf "%s\n" "$BENCH_KERNELS"; return; }
  local name
  for name in volant debian-cloud; do
    [[ ! -r $KERNELS/$name/kernel.properties ]] || printf '%s\n' "$name"
  done
}

# Builds an image with fledge and installs it as a plugin: install_image RECIPE.
install_image() {
  local name image
  name=$(basename "$(dirname "$1")")
  image=$BENCH_DIR/images/$name
  mkdir -p "$image"
  "$DIST/bin/fledge" build -c "$1" -o "$image" >&2
  VOLANT_API_BASE=$BENCH_API "$DIST/bin/volar" plugins install --replace "$image/$name.manifest.json" >&2
}

# Deletes a VM and waits until nothing of it is left.
delete_vm() {
  api DELETE "/api/v1/vms/$1" >/dev/null
}

# Ends what a figure with real VMs has on this host: its VMs, the daemon, the bridge.
end_real_vms() {
  local name
  if [[ -n $daemon_pid ]] && kill -0 "$daemon_pid" 2>/dev/null; then
    for name in $(api GET /api/v1/vms | jq -r '.[].name'); do
      delete_vm "$name" || true
    done
  fi
  daemon_stop
  # those of a daemon that could not be asked: QEMU names its folder twice, nobody else does
  pgrep -f -- "-pidfile $BENCH_DIR/[a-z]*/vms/" | xargs -r kill 2>/dev/null || true
  for name in $(ip -o link show master "$BENCH_BRIDGE" 2>/dev/null | sed -n 's/^[0-9]*: \(vt[0-9a-z]*\)[:@].*/\1/p'); do
    ip link delete dev "$name" || true
  done
  ip link delete "$BENCH_BRIDGE" type bridge 2>/dev/null || true # absent: nothing to do
}
