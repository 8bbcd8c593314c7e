/**
 * Prints files of /proc/sys as other network namespaces show them. /proc/sys/net shows the reader's own namespace, so a host program
 * enters each one; nothing else of a container is entered.
 *
 * Perl, which every Debian has, enters one after the other in a single process: some 0.1 ms each. Without it nsenter and grep are
 * started for each: some 2 ms.
 */
import { runCommand } from "./command.ts";

/**
 * For each of `places` (paths of namespaces) a line `@PLACE`, then the files of `paths` (with globs) as `PATH:NUMBER:LINE`, and what cannot
 * be read as `PROGRAM: PATH: REASON`. What does not end in `timeout` milliseconds is missing.
 */
export async function printNamespaceFiles(paths: readonly string[], places: readonly string[], timeout: number): Promise<string> {
  if (places.length === 0) return "";
  return (await printByPerl(paths, places, timeout)) ?? (await printByNsenter(paths, places, timeout));
}

/** Number of the system call setns (asm/unistd.h); other architectures are left to nsenter. */
const SETNS: Readonly<Partial<Record<NodeJS.Architecture, number>>> = { x64: 308, arm64: 268 };

/** CLONE_NEWNET is 0x40000000. One read gives a whole value, so that no buffer is set up (:unix); what no longer exists is left out, and so are folders, which globs name too. */
const PERL = `
use strict;
my $setns = shift() + 0;
my @paths = split / /, shift;
for my $place (@ARGV) {
  print "\\@$place\\n";
  my $namespace;
  if (!open($namespace, "<", $place) || syscall($setns, fileno($namespace), 0x40000000) != 0) {
    print "perl: cannot enter the namespace: $!\\n";
    next;
  }
  for my $path (map { glob } @paths) {
    my ($file, $text);
    if (!open($file, "<:unix", $path) || !defined sysread($file, $text, 65536)) {
      print "perl: $path: $!\\n" unless $!{ENOENT} || $!{EISDIR};
    } else {
      my @lines = split /\\n/, $text, -1;
      pop @lines if @lines && $lines[-1] eq "";
      my $number = 0;
      print map { $number++; "$path:$number:$_\\n" } @lines;
    }
  }
}`;

/** Null without Perl, or where the system call's number is not known. */
export async function printByPerl(paths: readonly string[], places: readonly string[], timeout: number): Promise<string | null> {
  const setns = SETNS[process.arch];
  if (setns === undefined) return null;
  const { found, stdout } = await runCommand("perl", ["-e", PERL, String(setns), paths.join(" "), ...places], { timeout });
  return found ? stdout : null;
}

/** More shells than two gained nothing: entering is bound by the kernel. */
const SHELLS = 2;

/** $1 is the list of paths, split and expanded inside the namespace; all else are namespaces. Nothing of it is ever parsed as code. */
const SHELL = `
paths=$1
shift
for namespace do
  echo "@$namespace"
  nsenter --net="$namespace" sh -c 'exec grep -Hn "" $1' sh "$paths" 2>&1
done
exit 0`;

export async function printByNsenter(paths: readonly string[], places: readonly string[], timeout: number): Promise<string> {
  const shares = Array.from({ length: SHELLS }, (_, shell) => places.filter((_place, index) => index % SHELLS === shell)).filter((share) => share.length > 0);
  const outputs = await Promise.all(shares.map(async (share) => {
    const { found, stdout } = await runCommand("sh", ["-c", SHELL, "sh", paths.join(" "), ...share], { timeout });
    return found ? stdout : share.map((place) => `@${place}\nneither perl nor nsenter can be found to enter it\n`).join("");
  }));
  return outputs.join("");
}
