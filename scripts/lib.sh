# shellcheck shell=bash
# What the scripts share: messages, folders, and asking apt for packages. Sourced, never run.

# nft, ip and others live in sbin, which is not on everybody's PATH.
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

# Prints a line about what is going on, on stderr: stdout belongs to results.
say() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
}

# Ends the script with one message: what happened and what to do.
die() {
  say "$*"
  exit 1
}

# Prints the folder that holds everything of a host: journal, artifacts, kernels, VMs.
volant_home() {
  if [[ -n ${VOLANT_HOME:-} ]]; then
    printf '%s\n' "$VOLANT_HOME"
  elif [[ $EUID -eq 0 ]]; then
    printf '/var/lib/volant\n'
  else
    printf '%s/.volant\n' "${HOME:?}"
  fi
}

# Prints where the API is.
api_base() {
  printf '%s\n' "${VOLANT_API_BASE:-http://${VOLANT_API_LISTEN:-127.0.0.1:7777}}"
}

# apt-get in scripts: no questions, waits for another apt on the same machine, says only what matters.
apt_get() {
  DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -qq \
    -o DPkg::Lock::Timeout=600 -o APT::Sandbox::User=root -o Dpkg::Use-Pty=0 "$@"
}

# Refreshes the package lists. Needs root; everybody else gets told.
apt_update() {
  [[ $EUID -eq 0 ]] || die "the package lists are out of date; run as root: apt-get update"
  say "refreshing the package lists"
  apt_get update >&2
}

# apt_retry COMMAND ARG…: runs it, and once more with fresh lists: on a new machine there are none yet,
# on an old one they name versions that the mirror no longer has.
apt_retry() {
  apt_get "$@" >&2 2>/dev/null && return
  apt_update
  apt_get "$@" >&2
}

# apt_download PACKAGE FOLDER: the package's .deb into FOLDER, without installing it and without root.
apt_download() {
  command -v apt-get >/dev/null || die "no apt-get here, so $1 cannot be downloaded; see kestrel/kernel/README.md"
  (cd "$2" && apt_retry download "$1") || die "cannot download the package $1; is the mirror reachable?"
}
