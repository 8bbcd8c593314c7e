/** Reads `ip -j -d link` and `ip -j addr`. */
import { NetworkError } from "../errors.ts";
import type { InterfaceAddress, Link } from "../model.ts";
import { type Entry, addressOf, entriesOf, flagsOf, nested, numberOf, optionalText, textOf } from "./fields.ts";

/** One interface. Without -d its kind is not printed and stays null. */
export function readLink(entry: Entry): Link {
  const info = nested(entry, "linkinfo");
  const data = nested(info, "info_data");
  const flags = flagsOf(entry);
  return {
    name: textOf(entry, "ifname"),
    kind: optionalText(info, "info_kind"),
    master: optionalText(entry, "master"),
    up: flags.includes("UP"),
    loopback: flags.includes("LOOPBACK"),
    bridgeFilters: { 4: numberOf(data, "nf_call_iptables", 0) !== 0, 6: numberOf(data, "nf_call_ip6tables", 0) !== 0 },
    hairpin: nested(info, "info_slave_data").value["hairpin"] === true,
  };
}

/** The addresses of one interface. */
export function readAddresses(entry: Entry): readonly InterfaceAddress[] {
  const name = textOf(entry, "ifname");
  return entriesOf(entry.value["addr_info"], [...entry.path, "addr_info"])
    .filter(({ value }) => value["family"] === "inet" || value["family"] === "inet6")
    .map((info) => {
      const { family, value } = addressOf(info, "local");
      const bits = family === 4 ? 32 : 128;
      const length = numberOf(info, "prefixlen", bits);
      if (length < 0 || length > bits) throw new NetworkError("prefixlen is out of range", [...info.path, "prefixlen"]);
      const scope = optionalText(info, "scope");
      return { family, interface: name, address: value, length, secondary: info.value["secondary"] === true, narrow: scope === "link" || scope === "host" };
    });
}
