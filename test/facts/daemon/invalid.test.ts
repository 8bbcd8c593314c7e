import { expect, test } from "vitest";
import { parseConfigFile } from "../../../src/facts/daemon/config-file.ts";
import type { Configuration } from "../../../src/facts/daemon/configuration.ts";
import { parseFlags } from "../../../src/facts/daemon/flags.ts";
import { deriveInvalid } from "../../../src/facts/daemon/invalid.ts";

const PATH = "daemon.json";

/** `line:column key fault` of everything that is found. */
function findInvalid(text: string, version: string | null = null, flags: readonly string[] = []): string[] {
  const file = parseConfigFile(PATH, text);
  const configuration: Configuration = {
    running: false, flags: parseFlags(flags.map((word) => ({ text: word, place: null }))), flagsUnknown: null, file, path: PATH, fileUnknown: file.error, unit: null,
  };
  const { value, origins = {} } = deriveInvalid(configuration, version);
  return value.invalid.map(({ key, fault }, index) => {
    const place = origins[`/invalid/${index}`];
    return `${place !== undefined && "file" in place ? `${place.line}:${place.column}` : "-"} ${key} ${fault}`;
  });
}

test("nothing is wrong with a file that dockerd starts with", () => {
  expect(findInvalid("{}")).toEqual([]);
  expect(findInvalid('{"hosts": ["fd://"], "log-opts": {"max-size": "10m"}, "features": {"buildkit": true}, "mtu": 1400, "icc": null, "proxies": {"http-proxy": "http://p"}}')).toEqual([]);
});

test("unknown keys, with what may be meant; case matters", () => {
  expect(findInvalid('{\n  "iptable": false,\n  "ICC": false,\n  "whatever": 1\n}')).toEqual([
    '2:3 iptable is no key of daemon.json (did you mean "iptables"?): dockerd refuses or ignores it',
    '3:3 ICC is no key of daemon.json (did you mean "icc"?): dockerd refuses or ignores it',
    "4:3 whatever is no key of daemon.json: dockerd refuses or ignores it",
  ]);
});

test("names of flags that are taken and do nothing", () => {
  expect(findInvalid('{"host": ["fd://"], "http-proxy": "http://p"}')).toEqual([
    '1:2 host is the name of a flag, which dockerd ignores here: the key is "hosts"',
    '1:21 http-proxy is ignored by dockerd here: it belongs into the object "proxies"',
  ]);
});

test.each([
  ['{"icc": "false"}', "1:2 icc has to be true or false: dockerd does not start"],
  ['{"mtu": 1.5}', "1:2 mtu has to be a whole number: dockerd does not start"],
  ['{"hosts": "fd://"}', "1:2 hosts has to be a list: dockerd does not start"],
  ['{"dns": [\n"192.0.2.1", 5]}', "2:14 dns.1 has to be an IP address: dockerd does not start"],
  ['{"log-opts": {"max-size": "10m",\n "max-file": 3}}', "2:2 log-opts.max-file has to be a string: dockerd does not start"],
  ['{"features": {"x": "true"}}', "1:15 features.x has to be true or false: dockerd does not start"],
  ['{"default-ulimits": {"nofile": 5}}', "1:22 default-ulimits.nofile has to be an object: dockerd does not start"],
  ['{"default-address-pools": [{"base": 5}]}', "1:29 default-address-pools.0.base has to be a string: dockerd does not start"],
  ['{"default-network-opts": {"bridge": {"a": 1}}}', "1:38 default-network-opts.bridge.a has to be a string: dockerd does not start"],
  ['{"mtu": 1400.0}', "1:2 mtu has to be a whole number: dockerd does not start"],
  ['{"default-ulimits": {"nofile": {"Hard": "x"}}}', "1:33 default-ulimits.nofile.Hard has to be a whole number: dockerd does not start"],
  ['{"default-ulimits": {"nofile": {"Name": "nofile", "Hrad": 5, "Soft": 5}}}', '1:51 default-ulimits.nofile.Hrad is not known here (did you mean "Hard"?): dockerd ignores it'],
  ['{"builder": {"gc": {"enabled": true, "policy": [{"keepStorage": "1GB"}, {"all": 1}]}}}', "1:74 builder.gc.policy.1.all has to be true or false: dockerd does not start"],
  ['{"runtimes": {"kata": {"paht": "/usr/bin/kata"}}}', '1:24 runtimes.kata.paht is not known here (did you mean "path"?): dockerd ignores it'],
  ['{"proxies": {"http_proxy": "http://p"}}', '1:14 proxies.http_proxy is not known here (did you mean "http-proxy"?): dockerd does not start'],
  ['{"log-level": "verbose"}', "1:2 log-level has to be one of trace, debug, info, warn, error, fatal, panic: dockerd does not start"],
  ['{"default-shm-size": "much"}', '1:2 default-shm-size has to be a size such as "64m": dockerd does not start'],
  ['{"builder": {"gc": {"enabled": true, "enabled": false}}}', "1:38 builder.gc.enabled is given twice, and dockerd takes the last one"],
])("what is wrong at its own place: %s", (text, fault) => {
  expect(findInvalid(text)).toEqual([fault]);
});

test("keys that are given twice, at the place of the second", () => {
  expect(findInvalid('{\n"icc": false,\n"log-opts": {"max-size": "1m",\n"max-size": "9g"},\n"icc": true}')).toEqual([
    "4:1 log-opts.max-size is given twice, and dockerd takes the last one",
    "5:1 icc is given twice, and dockerd takes the last one",
  ]);
});

test("what a flag says too, by the flag's own name and by its letter", () => {
  expect(findInvalid('{"hosts": ["unix:///s"], "debug": true, "icc": false, "runtimes": {}}', null, ["-H", "fd://", "-D", "--add-runtime", "x=y"])).toEqual([
    "1:2 hosts is given in the file and as the flag --host: dockerd does not start",
    "1:26 debug is given in the file and as the flag --debug: dockerd does not start",
  ]);
});

test("words of other engines count where the engine is known", () => {
  expect([null, "20.10.24", "25.0.6"].map((version) => findInvalid('{"log-level": "warning"}', version).length)).toEqual([0, 0, 1]);
});

test("several are told together, in their order", () => {
  expect(findInvalid('{"default-ulimits": {"nofile": {"Hard": "x", "Soft": "y"}},\n"dns": ["x", "192.0.2.1", 5]}').map((line) => line.split(" ").slice(0, 2).join(" "))).toEqual([
    "1:33 default-ulimits.nofile.Hard", "1:46 default-ulimits.nofile.Soft", "2:9 dns.0", "2:27 dns.2",
  ]);
});

test("keys of other engines count where the engine is known", () => {
  const text = '{"bip6": "fd00::1/64", "graph": "/x"}';
  expect(findInvalid(text)).toEqual([]);
  expect(findInvalid(text, "20.10.24+dfsg1")).toEqual(["1:2 bip6 is known only since engine 28: dockerd 20 does not start"]);
  expect(findInvalid(text, "29.0.0-beta.24")).toEqual(["1:24 graph was removed after engine 22: dockerd 29 does not start"]);
});

test("no JSON at all is one fault of the file; a file that is not readable is unknown", () => {
  expect(findInvalid('{"icc": false,}')[0]).toContain("daemon.json:1:15: is no JSON");
  expect(deriveInvalid("no daemon", null).unknown).toEqual({ "/invalid": "no daemon" });
});
