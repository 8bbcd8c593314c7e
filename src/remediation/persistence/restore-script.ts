/**
 * The program that puts our rules back at boot. It needs sh, sed, grep and the firewall's own programs, nothing of harden's: what is meant to protect must not
 * hang on a Node that is updated. Nothing of Docker's or of other people's is restored, so that Docker's chains may come and go.
 */
import { OWN_FOLDER } from "../../snapshot/own-firewall.ts";
import { assignments } from "../scripts/shell.ts";

/** What has been stored: by family the program that loads it (`iptables-nft`), null for a family without; whether there are nft tables. */
export interface Stored {
  readonly v4: string | null;
  readonly v6: string | null;
  readonly nft: boolean;
}

export function renderRestoreScript({ v4, v6, nft }: Stored): string {
  return HEAD + assignments({ folder: OWN_FOLDER, v4: v4 ?? "", v6: v6 ?? "", nft: nft ? "yes" : "" }) + BODY;
}

const HEAD = String.raw`#!/bin/sh
# Written by harden: puts its own firewall rules back (chains HARDEN-* and the jumps to them, nft tables harden), at boot and, with Docker, whenever the engine starts.
# Safe to run again. Docker's chains and other people's rules are neither restored nor changed.
# usage: restore [SECONDS]   how long to wait for the engine's chain DOCKER-USER; 0 unless said
set -u
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
`;

const BODY = String.raw`
wait=0
if [ $# -gt 0 ]; then wait=$1; fi
failed=

say() { printf '%s\n' "harden: $*"; }

restore_chains() {
  now=$("$2-save" -t filter) || { complain "$1: $2-save cannot read the rules"; return; }
  while ! has_line '^:DOCKER-USER ' && [ "$wait" -gt 0 ]; do
    sleep 1
    wait=$((wait - 1))
    now=$("$2-save" -t filter) || { complain "$1: $2-save cannot read the rules"; return; }
  done
  if ! has_line '^:DOCKER-USER '; then say "$1: there is no chain DOCKER-USER: containers are not covered before the engine starts and this runs again"; fi
  if load_chains "$1" | "$2-restore" --noflush --wait 10; then say "$1: rules restored"; else complain "$1: $2-restore does not take $folder/$1.rules"; fi
}

# The chains are refilled; a jump that is there stays where it is.
load_chains() {
  sed -e '/^-I /d' -e '/^COMMIT$/d' "$folder/$1.rules"
  add_missing_jump INPUT HARDEN-IN
  if has_line '^:DOCKER-USER '; then add_missing_jump DOCKER-USER HARDEN-FWD; fi
  echo COMMIT
}

add_missing_jump() { has_line "^-A $1 -j $2\$" || printf '%s\n' "-I $1 1 -j $2"; }

has_line() { printf '%s\n' "$now" | grep -e "$1" >/dev/null; }

complain() {
  say "$*" >&2
  failed=yes
}

if [ -n "$v4" ]; then restore_chains v4 "$v4"; fi
if [ -n "$v6" ]; then restore_chains v6 "$v6"; fi
if [ -n "$nft" ]; then
  if nft -f "$folder/harden.nft"; then say 'nft: tables restored'; else complain "nft does not take $folder/harden.nft"; fi
fi
[ -z "$failed" ]
`;
