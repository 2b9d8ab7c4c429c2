# shellcheck shell=bash
# What bin/volantd, bin/volar and bin/fledge share. Sourced by them with $home set, never run.
#
# Classes come from a cache made at build time (scripts/build-aot) where there is one that fits. The JVM passes over
# a cache of another JDK without a word, but does not see that a jar has changed: that is checked here.

# JVM flags of all three. volant.distribution: where libexec/kestrel and schemas/ are. LevelDB and unix sockets are native code, Pekko still uses sun.misc.Unsafe.
jvm_flags=("-Dvolant.distribution=$home" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
# For the two that live for a moment only: the smallest collector and the fast compiler.
# shellcheck disable=SC2034  # used by bin/volar and bin/fledge
short_flags=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1)

# Prints the JDK's home: the one that built this folder when it still is there, as looking takes longer and the
# cache fits no other, else whatever find-jdk finds. A JAVA_HOME of the caller's is looked at first.
java_home() {
  local built=
  [[ -r $home/libexec/java-home ]] && built=$(<"$home/libexec/java-home")
  if [[ -x $built/bin/java && ${JAVA_HOME:-$built} == "$built" ]]; then
    printf '%s\n' "$built"
  else
    "$home/libexec/find-jdk"
  fi
}

# Whether a cache is there and is younger than the jars whose classes it holds.
cache_fits() {
  local jar
  [[ -r $1 && ! $home/lib -nt $1 ]] || return 1
  for jar in "$home"/lib/*.jar; do
    [[ ! $jar -nt $1 ]] || return 1
  done
}

# launch NAME MAIN-CLASS ARGUMENT…: becomes that program. VOLANT_AOT_OUTPUT=FILE makes a cache instead of using one.
launch() {
  local name=$1 main=$2 java classpath extra
  shift 2
  java=$(java_home) || exit 1
  classpath=$(<"$home/lib/$name.classpath")
  read -ra extra <<<"${JAVA_OPTS:-}"
  if [[ -n ${VOLANT_AOT_OUTPUT:-} ]]; then
    jvm_flags+=("-XX:AOTCacheOutput=$VOLANT_AOT_OUTPUT")
  elif cache_fits "$home/aot/$name.aot"; then
    jvm_flags+=("-XX:AOTCache=$home/aot/$name.aot" -Xlog:aot=off -Xlog:cds=off)
  fi
  exec "$java/bin/java" "${jvm_flags[@]}" "${extra[@]}" -cp "${classpath//@lib@/$home/lib}" "$main" "$@"
}
