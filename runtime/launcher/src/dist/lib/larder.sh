# Shared by bin/larder and bin/larder-minimal: finds Java and the home, starts and stops the gateway.
# POSIX sh. The scripts set $program and $distribution before they read this file.

fail() {
  printf '%s: %s\n' "$program" "$1" >&2
  exit "${2:-1}"
}

# ---- Java -------------------------------------------------------------------------------------------------------

# Sets $java, $java_home and $java_version (the feature release: 17, 21, ...).
find_java() {
  if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then
    java=$JAVA_HOME/bin/java
  else
    java=$(command -v java) || fail "no Java found; install a JRE of version 17 or later, or set JAVA_HOME"
  fi
  java_home=$(readlink -f "$java")
  java_home=${java_home%/bin/java}
  java_version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$java_home/release" 2>/dev/null) || java_version=
  if [ -z "$java_version" ]; then
    java_version=$("$java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
  fi
  [ -n "$java_version" ] || fail "cannot tell the version of $java; set JAVA_HOME to a JRE of version 17 or later"
  [ "$java_version" -ge 17 ] || fail "$java is Java $java_version, but 17 or later is needed; set JAVA_HOME"
}

# Appends to the arguments of all JVMs: libraries of codecs use native code and, on old releases, sun.misc.Unsafe.
jvm_compatibility() {
  compatibility=
  if [ "$java_version" -ge 24 ]; then
    compatibility="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"
  fi
}

# ---- Home -------------------------------------------------------------------------------------------------------

# Sets and exports $LARDER_HOME, absolute. An argument is what --home said.
find_home() {
  if [ -n "${1:-}" ]; then
    LARDER_HOME=$1
  elif [ -z "${LARDER_HOME:-}" ]; then
    if [ -e "$distribution/etc/packaged" ]; then
      LARDER_HOME=/var/lib/larder
    else
      LARDER_HOME=larder-home
    fi
  fi
  case $LARDER_HOME in
    /*) ;;
    *) LARDER_HOME=$PWD/$LARDER_HOME ;;
  esac
  # The launcher writes it in this form too, and stop compares.
  LARDER_HOME=$(printf '%s' "$LARDER_HOME" | sed 's#/\./#/#g; s#//*#/#g; s#/\.$##; s#\(.\)/$#\1#')
  export LARDER_HOME
}

run=
set_paths() {
  run=$LARDER_HOME/run
  start_log=$LARDER_HOME/log/start.log
  gateway_log=$LARDER_HOME/log/gateway.log
}

# ---- The process ------------------------------------------------------------------------------------------------

# Is process $1 the gateway of this home, and not another program that got its number later?
is_gateway() {
  case $1 in
    '' | *[!0-9]*) return 1 ;;
  esac
  if [ -r "/proc/$1/cmdline" ]; then
    tr '\0' '\n' <"/proc/$1/cmdline" 2>/dev/null | grep -Fqx -e "-Dlarder.home=$LARDER_HOME"
  else
    kill -0 "$1" 2>/dev/null && ps -o args= -p "$1" 2>/dev/null | grep -Fq -e "-Dlarder.home=$LARDER_HOME"
  fi
}

# Sets $pid to that of the gateway of this home; fails if there is none. It holds run/launcher.lock and has written its number
# there, ready or not.
find_gateway() {
  pid=
  [ -r "$run/launcher.lock" ] || return 1
  pid=$(cat "$run/launcher.lock" 2>/dev/null) || return 1
  is_gateway "$pid"
}

is_ready() {
  [ -r "$run/gateway.json" ] && grep -q "\"pid\":$pid[,}]" "$run/gateway.json" 2>/dev/null
}

pause() {
  sleep 0.05 2>/dev/null || sleep 1
}

milliseconds() {
  now=$(date +%s%3N 2>/dev/null)
  case $now in
    *[!0-9]*) now=$(date +%s)000 ;;
  esac
}

# ---- Start ------------------------------------------------------------------------------------------------------

# What the archive of loaded classes depends on: made anew when the JRE or the distribution changes.
archive_stamp() {
  cat "$java_home/release" 2>/dev/null
  ls -lnR "$distribution/lib" "$distribution/bundles"
  echo "$memory"
}

# Sets $archives: beside the distribution, so that all its homes share what the first one has made, and no home's medium is
# written to for it (24 MB); under the home where the distribution cannot be written to.
find_archives() {
  archives=$distribution/cache
  { [ -d "$archives" ] || mkdir "$archives" 2>/dev/null; } && [ -w "$archives" ] || archives=$run
}

# Class data sharing: the first orderly run leaves an archive of its loaded classes, the next ones map it. Sets $sharing.
prepare_archive() {
  find_archives
  archive=$archives/gateway.jsa
  sharing=
  stamp=$(archive_stamp)
  if [ "$(cat "$archive.stamp" 2>/dev/null)" != "$stamp" ]; then
    rm -f "$archive" "$archive".new-* "$archives/cli.jsa"
    rm -rf "$archives/cli.jsa.making"
    printf '%s\n' "$stamp" 2>/dev/null >"$archive.stamp" || return 0
  fi
  keep_archive
  if [ -f "$archive" ]; then
    sharing=-XX:SharedArchiveFile=$archive
  else
    sharing=-XX:ArchiveClassesAtExit=$new_archive
  fi
}

# Takes into use what this home's gateway, which has ended, has left in $new_archive.
keep_archive() {
  new_archive=$archive.new-$(printf '%s\n' "$stamp" "$LARDER_HOME" | cksum | tr -d ' ')
  [ ! -f "$new_archive" ] || mv -f "$new_archive" "$archive"
}

# The lean JVM of a gateway. Both compilers: without the second one SHA-256 is ten times slower (0.15 instead of 1.6 GB/s).
# The archive is verified (20 ms): one that a power cut has damaged is left out.
memory="-Xms24m -Xmx56m -XX:+UseSerialGC -Xss512k -XX:ReservedCodeCacheSize=48m -XX:MaxDirectMemorySize=160m -XX:MaxMetaspaceSize=96m"
lean="-XX:-UsePerfData -XX:+ExitOnOutOfMemoryError -Xshare:auto -XX:+VerifySharedSpaces -Xlog:cds=off -Xlog:cds+dynamic=off"

# Sets $trim: what the compilers have freed goes back to the system (some 10 MiB), by releases that can do that.
trim_option() {
  trim=
  case $(sed -n 's/^JAVA_VERSION="\([0-9.]*\).*/\1/p' "$java_home/release" 2>/dev/null) in
  '' | 17 | 17.0 | 17.0.[1-8] | 17.0.[1-8].* | 18* | 19* | 20* | 21 | 21.0) ;;
  *) trim="-XX:+UnlockExperimentalVMOptions -XX:TrimNativeHeapInterval=2000" ;;
  esac
}

class_path() {
  path=$distribution/lib/larder-launcher.jar
  for jar in org.apache.felix.framework slf4j-api org.osgi.service.log; do
    path=$path:$distribution/lib/$jar.jar
  done
}

# Runs "$@" with the command line of the gateway's JVM added. The launcher's own arguments are in $launch.
with_gateway() {
  class_path
  trim_option
  # shellcheck disable=SC2086 # lists of options without blanks inside
  "$@" "$java" $memory $trim $lean $compatibility "$sharing" ${LARDER_JAVA_OPTIONS:-} \
    "-Dlarder.home=$LARDER_HOME" "-Djava.io.tmpdir=$run/tmp" -Djava.awt.headless=true -Dfile.encoding=UTF-8 \
    -cp "$path" dev.larder.launcher.Main --distribution "$distribution" --home "$LARDER_HOME" $launch
}

spawn() {
  if command -v setsid >/dev/null 2>&1; then
    with_gateway exec setsid nohup </dev/null >"$start_log" 2>&1 &
  else
    with_gateway exec nohup </dev/null >"$start_log" 2>&1 &
  fi
  pid=$!
}

# Waits for the gateway $pid to be ready. Returns 1 if it has ended, 2 if it is not ready in time.
await_ready() {
  milliseconds
  until_ready=$((now + ${LARDER_START_TIMEOUT:-60} * 1000))
  looks=0
  while ! is_ready; do
    kill -0 "$pid" 2>/dev/null || return 1
    # Each process that is forked here slows the start that it waits for: the clock is looked at only now and then.
    looks=$((looks + 1))
    if [ $((looks % 20)) = 0 ]; then
      milliseconds
      [ "$now" -lt "$until_ready" ] || return 2
    fi
    pause
  done
}

reason_of_end() {
  reason=$(sed -n 's/^larder: //p' "$start_log" 2>/dev/null | tail -n 1)
}

report_started() {
  # Bundles that did not start; all else runs.
  [ "$1" = true ] || sed -n 's/^larder: /larder: warning: /p' "$start_log" >&2
  milliseconds
  url=$(sed -n 's/.*"url":"\([^"]*\)".*/\1/p' "$run/gateway.json")
  if [ "$json" = yes ]; then
    printf '{"ready":true,"pid":%s,"url":%s,"alreadyRunning":%s,"millis":%s}\n' \
      "$pid" "$([ -n "$url" ] && echo "\"$url\"" || echo null)" "$1" "$((now - began))"
  elif [ "$1" = true ]; then
    echo "larder is already running${url:+ at $url} (pid $pid, home $LARDER_HOME)"
  else
    echo "larder is ready${url:+ at $url} (pid $pid, home $LARDER_HOME)"
  fi
}

make_folders() {
  for folder in "$LARDER_HOME/log" "$run"; do
    reason=$(mkdir -p "$folder" 2>&1) && [ -w "$folder" ] ||
      fail "cannot use home $LARDER_HOME (${reason:-no permission to write in $folder}); choose another one with --home or \$LARDER_HOME"
  done
}

# start [--foreground] ...: the options are in $foreground, $json and $launch.
start_gateway() {
  milliseconds
  began=$now
  if [ "$foreground" = no ] && find_gateway; then
    await_started true
    return
  fi
  find_java
  jvm_compatibility
  make_folders
  prepare_archive
  MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX:-2}
  export MALLOC_ARENA_MAX
  if [ "$foreground" = yes ]; then
    with_gateway exec
  fi
  spawn
  await_started false
}

await_started() {
  ended=0
  await_ready || ended=$?
  if [ $ended = 1 ]; then
    reason_of_end
    status=0
    wait "$pid" 2>/dev/null || status=$?
    case $status in
      134 | 135 | 139)
        # The JVM itself fell over: perhaps a power cut has damaged its archive. Once more without it.
        if [ -f "$archive" ]; then
          rm -f "$archive" "$archive.stamp"
          sharing=-Xshare:auto
          spawn
          await_started "$1"
          return
        fi
        ;;
      0 | 143) reason="the gateway was stopped before it was ready" ;;
    esac
    fail "${reason:-the gateway has ended at once: $(tail -n 1 "$start_log" 2>/dev/null); see $gateway_log and $start_log}"
  elif [ $ended = 2 ]; then
    reason_of_end
    reason=${reason:-$(sed -n '/^waiting for /p' "$start_log" 2>/dev/null | tail -n 1)}
    fail "the gateway (pid $pid) runs but is not ready after ${LARDER_START_TIMEOUT:-60} s${reason:+: $reason}; see $gateway_log"
  fi
  report_started "$1"
}

# ---- Stop -------------------------------------------------------------------------------------------------------

stop_gateway() {
  stopped=false
  if find_gateway; then
    kill -TERM "$pid" 2>/dev/null || :
    milliseconds
    until_stopped=$((now + 60000))
    while is_gateway "$pid"; do
      milliseconds
      [ "$now" -lt "$until_stopped" ] ||
        fail "the gateway (pid $pid) does not end; 'kill -9 $pid' loses nothing that was acknowledged; see $gateway_log"
      pause
    done
    stopped=true
    find_java
    find_archives
    archive=$archives/gateway.jsa
    stamp=$(archive_stamp)
    keep_archive
  fi
  if [ "$json" = yes ]; then
    echo "{\"stopped\":$stopped}"
  elif [ $stopped = true ]; then
    echo "larder has stopped (pid $pid)"
  else
    echo "larder is not running (home $LARDER_HOME)"
  fi
}
