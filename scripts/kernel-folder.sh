# shellcheck shell=bash
# How a kernel folder is put in place (its format: kestrel/kernel/README.md). Sourced, after lib.sh.

# Raised when the format changes, so that folders of an older format are made anew.
readonly KERNEL_FORMAT=1

# Prints the folder of the kernel with this name.
kernel_folder() {
  printf '%s/kernels/%s\n' "$(volant_home)" "$1"
}

# kernel_is_there NAME [LINE]: a complete kernel folder of this format, and with this line among its facts.
kernel_is_there() {
  local facts
  facts=$(kernel_folder "$1")/kernel.properties
  [[ -r $facts ]] && grep -qx "format=$KERNEL_FORMAT" "$facts" && { [[ $# -lt 2 ]] || grep -qxF "$2" "$facts"; }
}

# Makes a temporary folder next to the kernels, on the same file system, so that a rename is enough to
# publish it. Its name starts with a dot: a reader of the kernels passes it over.
new_kernel_folder() {
  local kernels
  kernels=$(volant_home)/kernels
  mkdir -p "$kernels" 2>/dev/null || die "cannot write to $kernels; set VOLANT_HOME to a folder of yours or run as root"
  mktemp -d "$kernels/.new-$1.XXXXXX"
}

# publish_kernel NEW NAME: NEW becomes the kernel NAME. A reader finds the old folder or the new one,
# complete, and for an instant none.
publish_kernel() {
  local old folder
  folder=$(kernel_folder "$2")
  chmod 755 "$1"
  chmod 644 "$1"/*
  if [[ -d $folder ]]; then
    old=$(mktemp -d "${folder%/*}/.old-$2.XXXXXX")
    mv -T "$folder" "$old/gone"
  fi
  mv -T "$1" "$folder"
  [[ -z ${old:-} ]] || rm -rf "$old"
}

# pack_segment TREE ARCHIVE: an uncompressed newc archive of TREE. The same tree gives the same bytes:
# sorted names, no times, no owners, no inode numbers.
pack_segment() {
  find "$1" -exec touch -h -d @0 {} +
  (cd "$1" && find . -mindepth 1 | sed 's|^\./||' | LC_ALL=C sort \
    | cpio --quiet --reproducible --owner=+0:+0 -H newc -o) >"$2"
}
