import { expect, it } from "vitest";
import { parseSysctlConf } from "../../../src/facts/boot/sysctl-conf.ts";

const FILE = "/etc/sysctl.d/50-site.conf";

function parse(text: string | null): unknown[] {
  return parseSysctlConf({ path: FILE, text, error: null }).map(({ path, value, place }) => [path, value, place.line, place.column, place.endColumn]);
}

it("reads assignments, their notations and where they stand", () => {
  const text = [
    "# net.ipv4.ip_forward = 0",
    "net.ipv4.tcp_syncookies=1",
    "  - net.ipv4.conf.eth0/1.rp_filter = 2  ",
    "net/ipv4/conf/eth0.1/tag = 3\r",
    "-net.ipv4.conf.lo.rp_filter",
    "; comment",
    "net.ipv4.junk",
    "kernel.core_pattern = |/bin/a b=c",
    "kernel.domainname =",
  ].join("\n");
  expect(parse(text)).toEqual([
    ["net/ipv4/tcp_syncookies", "1", 2, 1, 26],
    ["net/ipv4/conf/eth0.1/rp_filter", "2", 3, 3, 39],
    ["net/ipv4/conf/eth0.1/tag", "3", 4, 1, 29],
    ["net/ipv4/conf/lo/rp_filter", null, 5, 1, 28],
    ["kernel/core_pattern", "|/bin/a b=c", 8, 1, 34],
    ["kernel/domainname", "", 9, 1, 20],
  ]);
});

it("finds nothing in a file without text", () => {
  expect(parse(null)).toEqual([]);
});
