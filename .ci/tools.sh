# Read by ./run and ./test: finds a JDK (17 or later) and Maven (3.8 or later), or installs them where that may be done.
# shellcheck shell=bash

larder_die() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit 1
}

larder_has_jdk() {
  local javac=${JAVA_HOME:+$JAVA_HOME/bin/}javac version
  version=$("$javac" -version 2>&1) || return 1
  version=${version#javac }
  version=${version%%.*}
  [[ $version =~ ^[0-9]+$ ]] && ((version >= 17))
}

larder_has_maven() {
  command -v mvn >/dev/null 2>&1
}

# Only root on a machine with apt-get may install without being asked.
larder_install() {
  export DEBIAN_FRONTEND=noninteractive
  echo "installing $* with apt-get"
  apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

larder_jdk_package() {
  if apt-cache show openjdk-17-jdk-headless >/dev/null 2>&1; then
    echo openjdk-17-jdk-headless
  else
    echo default-jdk-headless
  fi
}

larder_tools() {
  larder_has_jdk && larder_has_maven && return
  if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq >/dev/null || true
    larder_has_jdk || larder_install "$(larder_jdk_package)" || true
    larder_has_maven || larder_install maven || true
    hash -r
  fi
  local missing=()
  larder_has_jdk || missing+=("a JDK of version 17 or later")
  larder_has_maven || missing+=("Maven 3.8 or later")
  if ((${#missing[@]} > 0)); then
    local list=${missing[0]}
    ((${#missing[@]} == 1)) || list+=" and ${missing[1]}"
    larder_die "$list needed but not found; on Debian, as root: apt-get install openjdk-17-jdk-headless maven"
  fi
}

# What some tests need and skip without: tools that make, mount and cut off small file systems. Best effort: never a reason to fail.
larder_test_tools() {
  [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null 2>&1 || return 0
  local missing=()
  command -v mkfs.ext4 >/dev/null 2>&1 || missing+=(e2fsprogs)
  command -v losetup >/dev/null 2>&1 || missing+=(mount)
  # Only for the power cuts, whose tool lies beside the project, if at all.
  if [[ -x ../shared/rig/volatile-disk.sh ]]; then
    command -v nbdkit >/dev/null 2>&1 || missing+=(nbdkit)
    nbdkit python --dump-plugin >/dev/null 2>&1 || missing+=(nbdkit-plugin-python)
    command -v nbdfuse >/dev/null 2>&1 || missing+=(libnbd-bin)
    command -v fusermount3 >/dev/null 2>&1 || missing+=(fuse3)
  fi
  ((${#missing[@]} > 0)) || return 0
  apt-get update -qq >/dev/null 2>&1 || true
  larder_install "${missing[@]}" || true
}
