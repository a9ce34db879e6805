# Sourced by the scripts beside it: where things are, how they speak, and the steps they share.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
logs=$root/build/logs
cargo_minimum=1.88

# A bare environment lacks some of these; dpkg needs the sbin folders, cargo and ccache need a home.
PATH=${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
HOME=${HOME:-$(getent passwd "$(id -u)" | cut -d: -f6)}
export PATH HOME
mkdir -p "$logs"

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "scripts/$(basename "$0"): $*"
  exit 1
}

# logged NAME TEXT COMMAND...
# Runs a command with its output in build/logs/NAME.log. Says TEXT once it has taken two seconds and then, from time to time, how far it is. Shows the
# end of the log when it fails.
logged() {
  local text=$2 log=$logs/$1.log code=0
  shift 2
  tell_progress "$text" "$log" &
  local ticker=$!
  "$@" </dev/null >"$log" 2>&1 || code=$?
  kill "$ticker" 2>/dev/null || true
  wait "$ticker" 2>/dev/null || true
  if ((code != 0)); then
    say "failed (exit code $code): $text"
    tail -n "${log_lines:-40}" "$log" >&2
    say "The whole log: $log"
  fi
  return "$code"
}

# Ends with its parent, also when that is killed. Waits on a pipe that stays silent, since a `sleep` would outlive it.
tell_progress() {
  local silence start=$SECONDS
  exec {silence}<> <(:)
  read -r -t 2 -u "$silence" || true
  say "$1"
  while ! read -r -t 30 -u "$silence" && kill -0 $$ 2>/dev/null; do
    say "  ... after $((SECONDS - start)) s: $(tail -n 1 "$2" | cut -c 1-120)"
  done
}

# at_least VERSION MINIMUM
at_least() { [[ $(printf '%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]; }

# Prints the first cargo that is new enough: of PATH, then of a rustup that is not in PATH.
find_cargo() {
  local candidate version
  while read -r candidate; do
    version=$("$candidate" --version 2>/dev/null | cut -d ' ' -f 2) || continue
    if [[ -n $version ]] && at_least "$version" "$cargo_minimum"; then
      printf '%s\n' "$candidate"
      return
    fi
  done < <(type -ap cargo || true; printf '%s\n' "$HOME/.cargo/bin/cargo")
  return 1
}

# configure PRESET: prepares build/PRESET unless that was done with the same presets before.
configure() {
  local preset=$1 cargo options=(-DLERND_CARGO_TARGET="$root/build/cargo")
  [[ $root/build/$preset/build.ninja -nt $root/CMakePresets.json ]] && return
  if cargo=$(find_cargo); then
    options+=(-DCARGO="$cargo")
  fi
  logged "configure-$preset" "Preparing build/$preset (a few seconds)" cmake --preset "$preset" -S "$root" "${options[@]}"
}

# build PRESET TEXT TARGET...
build() {
  local preset=$1 text=$2 cargo
  shift 2
  configure "$preset" || return
  # cargo takes the rustc it finds in PATH: it must be the one beside it.
  cargo=$(find_cargo) || cargo=/usr/bin/cargo
  PATH=$(dirname "$cargo"):$PATH logged "build-$preset" "$text" ninja -C "$root/build/$preset" "$@"
}
