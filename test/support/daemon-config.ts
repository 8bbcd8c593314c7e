/** Random daemon.json files. */
import fc from "fast-check";
import { KNOWN_KEYS } from "../../src/facts/daemon/known-keys.ts";
import type { Shape } from "../../src/facts/daemon/shapes.ts";

/** Text of keys that dockerd looks into further than their shape says. */
const TEXT: Readonly<Record<string, string>> = {
  "authorization-plugins": "a", "exec-opts": "native.cgroupdriver=systemd", "hosts": "unix:///run/x.sock", "labels": "a=b", "node-generic-resources": "a=b", "registry-mirrors": "https://m.example",
  "fixed-cidr-v6": "fd00::/64", "bridge-accept-fwmark": "1", "min-api-version": "1.44", "userns-remap": "default", "userland-proxy-path": "/bin/true", "cdi-spec-dirs": "/etc/cdi", "base": "10.0.0.0/8",
};

/** What dockerd takes hangs on more than its shape: with TLS on certificates, of two names of one setting on the other. */
const FURTHER = ["tls", "tlsverify", "host-gateway-ip"];

/** A few keys, each with a value that fits, or with any. */
export function configuration(): fc.Arbitrary<Record<string, unknown>> {
  const keys = [...KNOWN_KEYS].filter(([key, { until, shape }]) => until === undefined && shape !== "anything" && !FURTHER.includes(key));
  const entry = fc.constantFrom(...keys).chain(([key, { shape }]) =>
    fc.tuple(fc.constant(key), fc.oneof({ weight: 5, arbitrary: fitting(shape, TEXT[key] ?? "text") }, { weight: 1, arbitrary: anyValue() })));
  return fc.array(entry, { minLength: 1, maxLength: 4 }).map((entries) => ({ ...Object.fromEntries(entries), "userland-proxy": false }));
}

function fitting(shape: Shape, text: string): fc.Arbitrary<unknown> {
  if (typeof shape === "string") {
    return { boolean: fc.boolean(), string: fc.constant(text), integer: fc.constant(1400), address: fc.constant("192.0.2.1"), size: fc.constant("64m"), anything: fc.constant(null) }[shape];
  }
  if ("oneOf" in shape) return fc.constantFrom(...shape.oneOf);
  if ("list" in shape) return fc.array(fitting(shape.list, text), { maxLength: 1 });
  const members = "map" in shape ? { x: fitting(shape.map, text) } : Object.fromEntries(Object.entries(shape.members).map(([name, member]) => [name, fitting(member, TEXT[name] ?? "1")]));
  return fc.record(members, { requiredKeys: [] });
}

/** No text: whether dockerd takes one hangs on more than its shape. */
function anyValue(): fc.Arbitrary<unknown> {
  return fc.oneof(fc.boolean(), fc.constant(1), fc.constant(1.5), fc.constant(null), fc.constant([]), fc.constant([1]), fc.constant({}), fc.constant({ x: 1 }), fc.constant({ x: { x: 1 } }));
}
