/** What apply.sh does, the same for every plan: a POSIX shell script but for the assignments and lists that stand above it. */
export const APPLY_BODY = String.raw`
say() { printf '%s\n' "harden: $*"; }

fail() {
  say "$*" >&2
  if [ -n "$(ls -A "$state" 2>/dev/null)" ]; then say "what was done until here is undone by $dir/rollback.sh" >&2; fi
  exit 1
}

apply_firewall() {
  if [ -z "$v4$v6$nft_families" ]; then say 'firewall: nothing to do'; fi
  if [ -n "$v4" ]; then load_chains v4 "$v4" docker-user.rules; fi
  if [ -n "$v6" ]; then load_chains v6 "$v6" docker-user6.rules; fi
  if [ -n "$nft_families" ]; then load_tables; fi
}

# The chains are refilled and missing jumps added in one load; a jump that is there stays where it is.
load_chains() {
  now=$("$2-save") || fail "firewall $1: $2-save cannot read the rules"
  now=$(printf '%s\n' "$now" | sed -n '/^\*filter$/,/^COMMIT$/p')
  has_line '^:DOCKER-USER ' || fail "firewall $1: there is no chain DOCKER-USER now: start the engine, or scan again"
  printf '%s\n' "$2" | keep "$1.program"
  if ! has_input_chain "$1" "$2"; then : | keep "$1.no-input"; fi
  printf '%s\n' "$now" | keep "$1.before"
  {
    sed -e '/^-I /d' -e '/^COMMIT$/d' "$dir/$3"
    add_missing_jump INPUT HARDEN-IN
    add_missing_jump DOCKER-USER HARDEN-FWD
    echo COMMIT
  } | "$2-restore" --noflush --wait 10 || fail "firewall $1: $2-restore does not take $3"
  say "firewall $1: chains HARDEN-* loaded, jumps from INPUT and DOCKER-USER in place"
}

# iptables-nft makes the built-in chains when they are first used, and its -save prints them even so.
has_input_chain() {
  case $2 in *-nft) ;; *) return 0 ;; esac
  if ! command -v nft >/dev/null; then return 0; fi
  case $1 in v4) nft list chain ip filter INPUT ;; *) nft list chain ip6 filter INPUT ;; esac >/dev/null 2>&1
}

add_missing_jump() { has_line "^-A $1 -j $2\$" || printf '%s\n' "-I $1 1 -j $2"; }

has_line() { printf '%s\n' "$now" | grep -e "$1" >/dev/null; }

load_tables() {
  command -v nft >/dev/null || fail 'firewall: the program nft is not installed'
  for family in $nft_families; do
    now=$(nft list tables) || fail 'firewall: nft cannot read the rules'
    table=
    if has_line "^table $family harden\$"; then table=$(nft -s -t list table "$family" harden); fi
    printf '%s\n' "$table" | keep "nft-$family.before"
  done
  nft -f "$dir/harden.nft" || fail 'firewall: nft does not take harden.nft'
  say "firewall: nft table harden loaded for $nft_families"
}

apply_boot() {
  install_boot
  reload_units
}

# make_link PATH TARGET
make_link() {
  if [ -L "$1" ] && [ "$(readlink -- "$1")" = "$2" ]; then return; fi
  if [ -e "$1" ] || [ -L "$1" ]; then fail "$1 is there already and no link to $2"; fi
  make_folders "$(dirname -- "$1")" links
  printf '%s\n' "$1" >>"$state/links"
  ln -s -- "$2" "$1" || fail "$1 cannot be made"
  say "$1 -> $2"
}

# What systemd has not read it does not start along with the engine.
reload_units() { if [ -d /run/systemd/system ]; then systemctl daemon-reload || fail 'boot: systemctl daemon-reload failed'; fi; }

apply_sysctl() {
  if [ -z "$sysctl_file" ]; then say 'sysctl: nothing to do'; return; fi
  set_values
  install_file sysctl.conf "$sysctl_file" "$sysctl_before"
  if [ -n "$modules_file" ]; then install_file modules-load.conf "$modules_file" "$modules_before"; fi
}

set_value() {
  if [ ! -e "/proc/sys/$1" ]; then say "sysctl: $1 is not there yet; the boot sets it"; return; fi
  old=$(cat "/proc/sys/$1")
  if [ "$old" = "$2" ]; then return; fi
  if ! cut -f 1 "$state/sysctl.before" 2>/dev/null | grep -Fx -e "$1" >/dev/null; then
    printf '%s\t%s\n' "$1" "$old" >>"$state/sysctl.before"
  fi
  printf '%s\n' "$2" >"/proc/sys/$1" || fail "sysctl: $1 cannot be set to $2"
  say "sysctl: $1: $old -> $(cat "/proc/sys/$1")"
}

apply_daemon() {
  if [ -z "$daemon_file" ]; then
    if [ -z "$remap_file" ]; then say 'daemon: nothing to do'; fi
  elif [ -n "$remap_file" ] && cmp -s "$dir/daemon-userns-remap.json" "$daemon_file"; then
    say "$daemon_file is as planned, with userns-remap"
  else
    validate daemon.json
    install_file daemon.json "$daemon_file" "$daemon_before"
    say "daemon: not in force yet: $daemon_restart"
  fi
  if [ -n "$all" ] && [ -n "$remap_file" ]; then
    say "daemon: userns-remap left out, for $remap_consent; to go ahead: apply.sh userns-remap"
  fi
}

apply_userns_remap() {
  if [ -z "$remap_file" ]; then say 'userns-remap: nothing to do'; return; fi
  if [ -n "$daemon_file" ]; then apply_daemon; fi
  validate daemon-userns-remap.json
  install_file daemon-userns-remap.json "$remap_file" "$remap_before"
  say "daemon: not in force yet: $remap_restart"
}

validate() {
  if command -v dockerd >/dev/null && dockerd --help 2>/dev/null | grep -e '--validate' >/dev/null; then
    answer=$(dockerd --validate --config-file="$dir/$1" 2>&1) || fail "daemon: dockerd refuses $1: $answer"
  fi
}

# set_mode FILE BEFORE AFTER
set_mode() {
  if [ -L "$1" ]; then fail "$1 is a symbolic link: what it leads to has to be changed"; fi
  now=$(stat -c %a -- "$1") || fail "$1 cannot be looked at"
  if [ "$now" = "$3" ]; then return; fi
  if [ "$now" != "$2" ]; then fail "$1 has the mode $now, not $2 as it had when the plan was made: scan again"; fi
  if ! cut -f 3 "$state/modes.before" 2>/dev/null | grep -Fx -e "$1" >/dev/null; then printf '%s\t%s\t%s\n' "$2" "$3" "$1" >>"$state/modes.before"; fi
  chmod "$3" -- "$1" || fail "the mode of $1 cannot be changed"
  say "$1: $2 -> $3"
}

# update_container ID NAME BEFORE AFTER: of the first run the old value is kept.
update_container() {
  option=$(printf '%s' "$4" | cut -d = -f 1)
  if ! cut -f 1 "$state/containers.before" 2>/dev/null | grep -Fx -e "$1 $option" >/dev/null; then printf '%s\t%s\t%s\n' "$1 $option" "$3" "$1" >>"$state/containers.before"; fi
  docker update "$4" "$1" >/dev/null || fail "containers: $2 does not take $4"
  say "containers: $2: $4"
}

# install_file NAME TARGET DIGEST-BEFORE
install_file() {
  if [ -L "$2" ]; then fail "$2 is a symbolic link: what manages it has to make the change"; fi
  if [ -e "$2" ] && cmp -s "$dir/$1" "$2"; then
    say "$2 is as planned"
    return
  fi
  if [ "$(digest "$2")" != "$3" ]; then fail "$2 is not what it was when the plan was made: scan again"; fi
  printf '%s\n' "$2" | keep "$1.target"
  if [ "$(cat "$state/$1.target")" != "$2" ]; then fail "this folder has changed $(cat "$state/$1.target"): run rollback.sh first"; fi
  if [ ! -e "$state/$1.absent" ] && [ ! -e "$state/$1.before" ]; then
    if [ -e "$2" ]; then
      cp -p "$2" "$state/new"
      mv "$state/new" "$state/$1.before"
    else
      : | keep "$1.absent"
    fi
  fi
  cp "$dir/$1" "$state/$1.applied"
  make_folders "$(dirname -- "$2")" "$1"
  rm -f -- "$2.harden-new"
  if [ -e "$2" ]; then cp -p -- "$2" "$2.harden-new"; else (umask 022 && : >"$2.harden-new"); fi
  cat "$dir/$1" >"$2.harden-new"
  mv -f -- "$2.harden-new" "$2"
  say "$2 installed"
}

# make_folders FOLDER RECORD: each one that is missing is recorded before it is made, for rollback.sh to remove it if it is empty then.
make_folders() {
  if [ -d "$1" ]; then return; fi
  make_folders "$(dirname -- "$1")" "$2"
  printf '%s\n' "$1" >>"$state/$2.folders"
  mkdir -- "$1" || fail "$1 cannot be made"
  chmod 755 "$1"
}

digest() { if [ -e "$1" ]; then sha256sum <"$1" | cut -d ' ' -f 1; else echo absent; fi; }

# Records standard input under a name, unless an earlier run has.
keep() {
  if [ -e "$state/$1" ]; then
    cat >/dev/null
  else
    cat >"$state/new"
    mv "$state/new" "$state/$1"
  fi
}

dir=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
state=$dir/state
all=
if [ $# -eq 0 ]; then
  all=yes
  set -- firewall boot sysctl daemon modes containers
fi
for part in "$@"; do
  case $part in
    firewall | boot | sysctl | daemon | modes | containers | userns-remap) ;;
    *)
      say "there is no part $part; usage: apply.sh [firewall|boot|sysctl|daemon|modes|containers|userns-remap]..." >&2
      exit 2
      ;;
  esac
done
if [ "$(id -u)" -ne 0 ]; then fail 'needs root'; fi
if [ "$(uname -n)" != "$host" ]; then fail "this plan is for $host, not for $(uname -n): scan here"; fi
(umask 077 && mkdir -p "$state")
for part in "$@"; do
  case $part in
    userns-remap) apply_userns_remap ;;
    *) "apply_$part" ;;
  esac
done
say "done; to go back: $dir/rollback.sh"
`;
