#!/usr/bin/env bash
# Holds a network namespace and a folder for a test, and removes what the test made in them. Says "ready FOLDER" once lo
# is up, then waits for its standard input to close, which happens however the test ends, a kill included. Whatever then
# still runs in the namespace is killed; of an engine in FOLDER its containers, mounts, cgroups and files are removed.
# usage: unshare --net hold-namespace.sh
set -u
shopt -s nullglob
trap '' INT TERM HUP PIPE # what ends the test must not reach this process before its work is done

folder=
# Engine 20.10 writes this key and takes no other path from its command line.
key=/etc/docker/key.json
if [ -e "$key" ]; then key=; fi

main() {
  refuse_shared_namespace
  ip link set lo up || exit 1
  folder=$(mktemp -d /tmp/harden-XXXXXX) || exit 1 # not in TMPDIR: a socket's path has at most 107 bytes
  chmod 711 "$folder"                              # a remapped root of the engine's containers must get through
  echo "ready $folder"
  while read -r _; do :; done

  kill_until_gone find_members
  find_cgroups
  thaw_cgroups
  kill_until_gone find_contained
  remove_mounts
  remove_cgroups
  remove_shim_sockets
  if [ -n "$key" ]; then rm -f -- "$key"; fi
  rm -rf --one-file-system -- "$folder"
}

# Whatever is in the namespace will be killed: it must be nobody else's.
refuse_shared_namespace() {
  local other
  for other in 1 "$PPID"; do
    if [ "/proc/$other/ns/net" -ef "/proc/$$/ns/net" ]; then
      echo "hold-namespace: to be started by unshare --net" >&2
      exit 2
    fi
  done
}

# Runs $1, which fills `found`, and kills what it found, until it finds nothing.
kill_until_gone() {
  local deadline=$((SECONDS + 10))
  while "$1" && [ ${#found[@]} -gt 0 ]; do
    if [ $SECONDS -ge $deadline ]; then fail "cannot end processes ${found[*]}"; fi
    kill -KILL "${found[@]}" 2>/dev/null
    sleep 0.02
  done
}

# The processes of this namespace but this one: dockerd, containerd, shims, proxies, what the test started. No subshell
# may look, for it would see itself.
find_members() {
  local process
  found=()
  for process in /proc/[0-9]*; do
    if [ "$process" = "/proc/$$" ]; then continue; fi
    if [ "$process/ns/net" -ef "/proc/$$/ns/net" ]; then found+=("${process#/proc/}"); fi
  done
}

# The cgroups of the engine's containers, wherever a parent option put them, deepest first.
find_cgroups() {
  local container tests=()
  # The second with userns-remap, the third podman's.
  for container in "$folder"/data/containers/* "$folder"/data/*/containers/* "$folder"/data/overlay-containers/*; do
    if [[ ${container##*/} =~ ^[0-9a-f]{64}$ ]]; then tests+=(-o -path "*${container##*/}*"); fi
  done
  cgroups=()
  if [ ${#tests[@]} -gt 0 ]; then
    mapfile -t cgroups < <(find /sys/fs/cgroup -depth -type d \( "${tests[@]:1}" \))
  fi
}

# A paused container does not die before it is thawed.
thaw_cgroups() {
  local cgroup
  for cgroup in "${cgroups[@]}"; do
    if [ -e "$cgroup/freezer.state" ]; then echo THAWED >"$cgroup/freezer.state"; fi
    if [ -e "$cgroup/cgroup.freeze" ]; then echo 0 >"$cgroup/cgroup.freeze"; fi
  done
}

find_contained() {
  local cgroup pids
  found=()
  for cgroup in "${cgroups[@]}"; do
    mapfile -t pids <"$cgroup/cgroup.procs"
    found+=("${pids[@]}")
  done
}

# What cannot be unmounted must not be deleted through.
remove_mounts() {
  find_mounts
  if [ ${#mounts[@]} -eq 0 ] || umount "${mounts[@]}"; then return; fi
  find_mounts
  if [ ${#mounts[@]} -gt 0 ]; then umount --lazy "${mounts[@]}" || fail "cannot unmount ${mounts[*]}"; fi
}

# Last mounted, first unmounted.
find_mounts() {
  local target
  mounts=()
  while read -r _ target _; do
    if [[ $target == "$folder"/* ]]; then mounts=("$target" "${mounts[@]}"); fi
  done </proc/self/mounts
}

# With the parents that an option named. The empty parent `docker` stays: engines share it.
remove_cgroups() {
  local cgroup parents=() deadline=$((SECONDS + 5))
  if [ ${#cgroups[@]} -eq 0 ]; then return; fi
  for cgroup in "${cgroups[@]}"; do
    if [[ $cgroup != */docker/* ]]; then parents+=("${cgroup%/*}"); fi
  done
  until rmdir "${cgroups[@]}" 2>/dev/null || ! any_exists "${cgroups[@]}"; do # busy until the kernel has let the dead go
    if [ $SECONDS -ge $deadline ]; then fail "cannot remove cgroups"; fi
    sleep 0.02
  done
  if [ ${#parents[@]} -gt 0 ]; then rmdir --ignore-fail-on-non-empty "${parents[@]}" 2>/dev/null; fi
}

any_exists() {
  local path
  for path in "$@"; do
    if [ -e "$path" ]; then return 0; fi
  done
  return 1
}

# A shim's socket is the one thing that it makes outside its containerd's folders, and a killed shim leaves it.
remove_shim_sockets() {
  local file address
  for file in "$folder"/containerd/state/io.containerd.runtime.v2.task/moby/*/address; do
    read -r address <"$file"
    rm -f -- "${address#unix://}"
  done
}

fail() {
  echo "hold-namespace: $1, $folder is left" >&2
  exit 1
}

main
