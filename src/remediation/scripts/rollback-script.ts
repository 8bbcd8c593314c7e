/**
 * rollback.sh: back to before the first apply.sh of its folder. It works from the records in `state` alone, so it is the same for every
 * plan, and a folder that was written anew still takes back what its former plan did.
 */
import type { Plan } from "../model.ts";
import { commentText } from "./shell.ts";

export function renderRollbackScript(plan: Plan): string {
  return `#!/bin/sh\n# Written by harden ${commentText(plan.tool.version)} for the host ${commentText(plan.host)}: undoes what apply.sh beside it did.\n${BODY}`;
}

const BODY = String.raw`# Safe to run again. What was changed by others since is left alone and told.
# usage: rollback.sh
set -eu

say() { printf '%s\n' "harden: $*"; }

# What could not be taken back makes the exit code 1.
leave() {
  say "$*" >&2
  left=yes
}

restore_file() {
  if [ ! -e "$state/$1.target" ]; then return; fi
  target=$(cat "$state/$1.target")
  if is_before "$1"; then
    :
  elif [ -L "$target" ] || ! cmp -s "$state/$1.applied" "$target"; then
    leave "$target was changed since and is left alone; its records are in $state"
    return
  elif [ -e "$state/$1.before" ]; then
    rm -f -- "$target.harden-new"
    cp -p "$state/$1.before" "$target.harden-new"
    mv -f -- "$target.harden-new" "$target"
    say "$target restored"
  else
    rm -f -- "$target"
    say "$target removed"
  fi
  remove_folders "$1"
  for record in target before absent applied; do rm -f "$state/$1.$record"; done
}

# The innermost first; what others put something into stays.
remove_folders() {
  if [ ! -e "$state/$1.folders" ]; then return; fi
  sort -r "$state/$1.folders" | while read -r folder; do rmdir -- "$folder" 2>/dev/null || :; done
  rm -f "$state/$1.folders"
}

# Where a link was replaced since it stays.
remove_links() {
  if [ ! -e "$state/links" ]; then return; fi
  while read -r path; do
    case $(readlink -- "$path") in
      /etc/systemd/system/harden-firewall.service | /etc/init.d/harden-firewall)
        rm -f -- "$path"
        say "$path removed"
        ;;
      *) if [ -e "$path" ]; then leave "$path was changed since and is left alone"; fi ;;
    esac
  done <"$state/links"
  remove_folders links
  rm -f "$state/links"
}

# Whether the target is as it was before, or was never touched.
is_before() {
  if [ -e "$state/$1.before" ]; then
    [ ! -L "$target" ] && cmp -s "$state/$1.before" "$target"
  elif [ -e "$state/$1.absent" ]; then
    [ ! -e "$target" ] && [ ! -L "$target" ]
  fi
}

# A container that is gone needs nothing.
restore_containers() {
  if [ ! -e "$state/containers.before" ]; then return; fi
  while IFS="$(printf '\t')" read -r _ value id; do
    if ! docker inspect "$id" >/dev/null 2>&1; then continue; fi
    if docker update "$value" "$id" >/dev/null </dev/null; then say "containers: $id: back to $value"; else leave "containers: $id does not take $value"; fi
  done <"$state/containers.before"
  rm -f "$state/containers.before"
}

restore_modes() {
  if [ ! -e "$state/modes.before" ]; then return; fi
  while IFS="$(printf '\t')" read -r before after path; do
    case $(stat -c %a -- "$path" 2>/dev/null) in
      "$before" | '') ;;
      "$after")
        chmod "$before" -- "$path"
        say "$path: back to $before"
        ;;
      *) leave "the mode of $path was changed since and is left alone" ;;
    esac
  done <"$state/modes.before"
  rm -f "$state/modes.before"
}

restore_values() {
  if [ ! -e "$state/sysctl.before" ]; then return; fi
  while IFS="$(printf '\t')" read -r path value; do
    if [ ! -e "/proc/sys/$path" ] || [ "$(cat "/proc/sys/$path")" = "$value" ]; then continue; fi
    if printf '%s\n' "$value" 2>/dev/null >"/proc/sys/$path"; then
      say "sysctl: $path: back to $value"
    else
      leave "sysctl: $path cannot go back to $value while this kernel runs; a reboot does it"
    fi
  done <"$state/sysctl.before"
  rm -f "$state/sysctl.before"
}

remove_table() {
  if [ ! -e "$state/nft-$1.before" ]; then return; fi
  # Declared first: then the deletion works whether or not the table is there. An empty record is one blank line.
  if { printf 'table %s harden\ndelete table %s harden\n' "$1" "$1" && cat "$state/nft-$1.before"; } | nft -f -; then
    say "firewall: nft table $1 harden as it was"
    rm -f "$state/nft-$1.before"
  else
    leave "firewall: nft table $1 harden cannot be taken back"
  fi
}

# The jumps that were not there before go, the chains that were get their old rules, all in one load.
remove_chains() {
  if [ ! -e "$state/$1.before" ]; then return; fi
  program=$(cat "$state/$1.program")
  if now=$("$program-save") && now=$(printf '%s\n' "$now" | sed -n '/^\*filter$/,/^COMMIT$/p') && undo_chains | "$program-restore" --noflush --wait 10; then
    if [ -e "$state/$1.no-input" ]; then remove_input_chain "$1"; fi
    say "firewall $1: chains HARDEN-* and jumps as they were"
    rm -f "$state/$1.before" "$state/$1.program" "$state/$1.no-input"
  else
    leave "firewall $1: chains HARDEN-* cannot be taken back"
  fi
}

# Our jump was the first rule of the built-in chain, which iptables-nft made for it. With a rule or a policy of others it stays.
remove_input_chain() {
  case $1 in v4) table_family=ip ;; *) table_family=ip6 ;; esac
  if has_line '^:INPUT ACCEPT ' && ! printf '%s\n' "$now" | grep '^-A INPUT ' | grep -vxe '-A INPUT -j HARDEN-IN' >/dev/null; then
    nft delete chain "$table_family" filter INPUT 2>/dev/null || :
  fi
}

undo_chains() {
  present=
  for chain in HARDEN-BUSY HARDEN-DROP HARDEN-FWD HARDEN-IN HARDEN-TCP; do
    if has_line "^:$chain "; then present="$present $chain"; fi
  done
  if [ -z "$present" ]; then return; fi
  echo '*filter'
  for chain in $present; do echo ":$chain - [0:0]"; done
  remove_jump INPUT HARDEN-IN
  remove_jump DOCKER-USER HARDEN-FWD
  for chain in $present; do
    if had_line "^:$chain "; then grep -e "^-A $chain " "$before" || :; fi
  done
  for chain in $present; do
    if ! had_line "^:$chain "; then echo "-X $chain"; fi
  done
  echo COMMIT
}

remove_jump() {
  if has_line "^-A $1 -j $2\$" && ! had_line "^-A $1 -j $2\$"; then echo "-D $1 -j $2"; fi
}

has_line() { printf '%s\n' "$now" | grep -e "$1" >/dev/null; }

had_line() { grep -e "$1" "$before" >/dev/null; }

dir=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
state=$dir/state
left=
if [ $# -ne 0 ]; then
  say 'usage: rollback.sh' >&2
  exit 2
fi
if [ ! -d "$state" ]; then
  say 'nothing was applied from here'
  exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
  say 'needs root' >&2
  exit 1
fi
restore_containers
restore_modes
changes_units=
if [ -e "$state/links" ] || [ -e "$state/harden-firewall.service.target" ]; then changes_units=yes; fi
remove_links
for name in harden-firewall.openrc harden-firewall.service boot-restore boot.nft boot-v6.rules boot-v4.rules; do restore_file "$name"; done
if [ -n "$changes_units" ] && [ -d /run/systemd/system ]; then systemctl daemon-reload || leave 'systemctl daemon-reload failed'; fi
restore_file daemon-userns-remap.json
restore_file daemon.json
restore_file modules-load.conf
restore_file sysctl.conf
restore_values
for family in ip ip6; do remove_table "$family"; done
for family in v4 v6; do
  before=$state/$family.before
  remove_chains "$family"
done
rm -f "$state/new"
if [ -n "$left" ]; then exit 1; fi
rmdir "$state"
say 'all is as it was before'
`;
