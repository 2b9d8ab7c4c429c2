# shellcheck shell=bash
# Which modules of a distribution's kernel a guest needs, in load order. Sourced, after lib.sh.
#
# Reads the modules themselves: their .modinfo section is a run of `key=value` strings with NUL ends. So
# neither kmod nor depmod is needed, and nothing of the host's own modules is looked at.

# Where the guest finds its modules.
readonly GUEST_MODULES=/volant/modules

# module_file KERNEL_TREE NAME: prints the file of a module; nothing when it is built in. The kernel takes
# `-` and `_` in module names for the same.
module_file() {
  find "$1" -name "${2//[-_]/[-_]}.ko*" -print -quit
}

# is_built_in LIST NAME: LIST is the kernel's own `modules.builtin`.
is_built_in() {
  grep -Eq "/${2//[-_]/[-_]}\.ko\$" "$1"
}

# module_content FILE: the module itself, on stdout; newer distributions compress theirs.
module_content() {
  case $1 in
    *.ko) cat "$1" ;;
    *.ko.xz) xz -dc "$1" ;;
    *.ko.zst) zstd -dqc "$1" ;;
    *.ko.gz) gzip -dc "$1" ;;
    *) die "no idea how to decompress $1" ;;
  esac
}

# module_needs FILE: the names of the modules that have to be loaded before it, one a line.
module_needs() {
  module_content "$1" | tr '\0' '\n' | sed -n 's/^depends=//p' | tr ',' '\n' | sed '/^$/d'
}

# resolve_modules TREE FILES NAME…: appends the files to load to the array FILES, in order, dependencies first.
# What the caller's associative array `resolved` has already is left out.
resolve_modules() {
  local tree=$1 name
  local -n into=$2
  shift 2
  for name in "$@"; do
    resolve_module "$tree" "$name"
  done
}

# A part of resolve_modules.
resolve_module() {
  local key=${2//-/_} file need
  [[ -z ${resolved[$key]:-} ]] || return 0
  # shellcheck disable=SC2004  # the array is associative, which the caller declares
  resolved[$key]=yes
  file=$(module_file "$1" "$2")
  if [[ -z $file ]]; then
    is_built_in "$1/modules.builtin" "$2" || die "this kernel has no $2, neither built in nor as a module"
    return 0
  fi
  while read -r need; do
    resolve_module "$1" "$need"
  done < <(module_needs "$file")
  into+=("$file")
}

# add_modules TREE FILE…: the modules, decompressed, into the tree of a segment.
add_modules() {
  local tree=$1$GUEST_MODULES file name
  shift
  mkdir -p "$tree"
  for file in "$@"; do
    name=${file##*/}
    module_content "$file" >"$tree/${name%.ko*}.ko"
  done
}

# guest_paths FILE…: their paths in the guest, space separated.
guest_paths() {
  local file name paths=()
  for file in "$@"; do
    name=${file##*/}
    paths+=("$GUEST_MODULES/${name%.ko*}.ko")
  done
  printf '%s\n' "${paths[*]}"
}
