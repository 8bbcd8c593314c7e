import { describe, expect, it } from "vitest";
import { formatError } from "../../src/errors.ts";
import { inspectPolicies } from "../../src/policy/load.ts";
import type { Policy } from "../../src/policy/model/policy.ts";
import { policyOf } from "../support/policy.ts";

const SOUND = `id: p
title: Title
severity: high
target: container
fail:
  all:
    - { fact: container, path: privileged, operator: equal, value: true }
message: "{container.name} runs privileged"
rationale: Because.
references: []
remediation: { type: manual, text: Mend it. }
examples:
  fail:
    - resource: { privileged: true }
  pass:
    - resource: {}
`;

/** The sound policy with some of its lines replaced. */
function policy(...changes: readonly (readonly [line: string, by: string])[]): string {
  return changes.reduce((text, [line, by]) => {
    if (!text.includes(line)) throw new Error(`no line ${line}`);
    return text.replace(line, () => by);
  }, SOUND);
}

const LEAF = "{ fact: container, path: privileged, operator: equal, value: true }";
const FAIL = `fail:\n  all:\n    - ${LEAF}`;
const withLeaf = (leaf: string): string => policy([LEAF, leaf]);

/** The lines that a user reads, one file p.yaml. */
async function errorsOf(text: string, taken: readonly Policy[] = []): Promise<string[]> {
  return errorsOfFiles({ "p.yaml": text }, taken);
}

async function errorsOfFiles(files: Readonly<Record<string, string>>, taken: readonly Policy[] = []): Promise<string[]> {
  const texts = Object.entries(files).map(([file, text]) => ({ file, text }));
  return (await inspectPolicies(texts, taken)).errors.flatMap((error) => formatError(error).split("\n"));
}

describe("a sound policy", () => {
  it("loads as it was written", async () => {
    const { policies, examples, wrongExamples, errors } = await inspectPolicies([{ file: "some/where/p.yml", text: SOUND }], []);
    expect({ examples, wrongExamples, errors }).toEqual({ examples: 2, wrongExamples: 0, errors: [] });
    expect(policies).toEqual([{
      id: "p",
      title: "Title",
      severity: "high",
      target: "container",
      fail: { all: [{ fact: "container", path: "privileged", operator: "equal", value: true }] },
      message: "{container.name} runs privileged",
      rationale: "Because.",
      references: [],
      remediation: { type: "manual", text: "Mend it." },
      examples: { fail: [{ resource: { privileged: true } }], pass: [{ resource: {} }] },
    }]);
  });
});

describe("the schema", () => {
  it.each<[string, string, string[]]>([
    ["an unknown key", policy(["severity:", "sevrity:"]), [
      'p.yaml:1:1: the key "severity" is missing', 'p.yaml:3:1: unknown key "sevrity"', '  did you mean "severity"?',
    ]],
    ["a missing key", policy(["rationale: Because.\n", ""]), ['p.yaml:1:1: the key "rationale" is missing']],
    ["no passing example", policy(["  pass:\n    - resource: {}\n", ""]), ['p.yaml:13:3: examples: the key "pass" is missing']],
    ["no failing example", policy(["  fail:\n    - resource: { privileged: true }", "  fail: []"]), ["p.yaml:13:9: examples.fail is empty"]],
    ["a wrong type", policy(["title: Title", "title: [a]"]), ['p.yaml:2:8: title is ["a"]: expected text']],
    ["an empty text", policy(["title: Title", "title: ''"]), ["p.yaml:2:8: title is empty"]],
    ["a severity that is none", policy(["severity: high", "severity: hihg"]), ['p.yaml:3:11: severity is "hihg"', '  did you mean "high"?']],
    ["a kind that is none", policy(["target: container", "target: containers"]), ['p.yaml:4:9: target is "containers"', '  did you mean "container"?']],
    ["a bad id", policy(["id: p", "id: P_1"]), [
      'p.yaml:1:5: id is "P_1", which is not of the form ^[a-z][a-z0-9-]*$',
    ]],
    ["a bad path", withLeaf("{ fact: container, path: '$.privileged', operator: equal, value: true }"), [
      'p.yaml:7:32: fail.all[0].path is "$.privileged", which is not of the form ^[A-Za-z][A-Za-z0-9]*(\\.[A-Za-z0-9]+)*$', "  A dotted name, such as limits.memory",
    ]],
    ["an operator that is none", withLeaf("{ fact: container, path: privileged, operator: equals, value: true }"), [
      'p.yaml:7:54: fail.all[0].operator is "equals"', '  did you mean "equal"?',
    ]],
    ["a regular expression", withLeaf("{ fact: container, path: name, operator: regex, value: '(a+)+$' }"), [
      'p.yaml:7:48: fail.all[0].operator is "regex"',
      "  accepted: equal, notEqual, lessThan, lessThanInclusive, greaterThan, greaterThanInclusive, in, notIn, startsWith, matchesGlob, matchesAnyGlob, olderThanFix, " +
        "contains, containsAny, containsOther, containsGlob, anyPathWithin, anyPathAbove, anyPathIs, anyRangeHolds, longerThan",
    ]],
    ["no value", withLeaf("{ fact: container, path: privileged, operator: equal }"), ['p.yaml:7:7: fail.all[0]: the key "value" is missing']],
    ["a value of no known form", withLeaf("{ fact: container, path: name, operator: equal, value: { fac: parameters, path: x } }"), [
      'p.yaml:7:62: fail.all[0].value: the key "fact" is missing', 'p.yaml:7:64: unknown key "fac"', '  did you mean "fact"?',
    ]],
    ["a comparison where parts are joined", policy([FAIL, `fail: ${LEAF}`]), ['p.yaml:5:9: unknown key "fact"', "  accepted: all, any, not"]],
    ["a misspelt all", policy(["  all:", "  al:"]), ['p.yaml:6:3: unknown key "al"', '  did you mean "all"?']],
    ["an empty all", policy([FAIL, "fail: { all: [] }"]), ["p.yaml:5:14: fail.all is empty"]],
    ["nothing to join", policy([FAIL, "fail: {}"]), ["p.yaml:5:7: fail is empty", "  accepted: all, any, not"]],
    ["a condition that is text", policy([FAIL, "fail: privileged"]), ['p.yaml:5:7: fail is "privileged": expected a map']],
    ["a mistake deep in a condition", policy([LEAF, `any: [{ not: { all: [${LEAF.replace("fact:", "fakt:")}] } }]`]), [
      'p.yaml:7:28: fail.all[0].any[0].not.all[0]: the key "fact" is missing', 'p.yaml:7:30: unknown key "fakt"', '  did you mean "fact"?',
    ]],
    ["a remediation of no known type", policy(["type: manual", "type: manually"]), ['p.yaml:11:22: remediation.type is "manually"', '  did you mean "manual"?']],
    ["a remediation without type", policy(["type: manual, ", ""]), [
      'p.yaml:11:14: remediation: the key "type" is missing', "  accepted: sysctl, firewall, daemon, compose, container, file, manual",
    ]],
    ["a remediation that lacks what its type needs", policy(["type: manual", "type: sysctl"]), ['p.yaml:11:14: remediation: the key "set" is missing']],
    ["a reference of no known type", policy(["references: []", "references: [{ type: cve, id: x }]"]), [
      'p.yaml:10:22: references[0].type is "cve"', '  did you mean "cwe"?',
    ]],
    ["a second line in what the kernel is to obey", policy(["{ type: manual, text: Mend it. }", '{ type: sysctl, text: x, set: { kernel.a: "1\\nkernel.b = 2", "x\\ny": "1" } }']), [
      'p.yaml:11:56: remediation.set.kernel.a is "1\\nkernel.b = 2", which is not of the form ^[ -~]+$',
      "  Printable ASCII on one line",
      'p.yaml:11:75: the key "x\\ny" is not of the form ^[a-z][A-Za-z0-9_.*/:-]*$',
    ]],
    ["a parameter of a name that no path could have", policy([FAIL, `parameters: { Most-of: { description: x, default: 1 } }\n${FAIL}`]), [
      'p.yaml:5:15: the key "Most-of" is not of the form ^[a-z][A-Za-z0-9]*$',
    ]],
    ["no map at all", "- a\n", ['p.yaml:1:1: the file is ["a"]: expected a map']],
    ["nothing at all", "", ["p.yaml:1:1: the file is null: expected a map"]],
  ])("refuses %s", async (_, text, lines) => {
    expect(await errorsOf(text)).toEqual(lines);
  });
});

/** A policy whose remediation has this fix. */
function withFix(fix: string): string {
  return policy(["type: manual, text: Mend it.", `type: container, text: x, fix: ${fix}`]);
}

describe("what a fix may do", () => {
  it("loads with each part of the vocabulary", async () => {
    const all = "{ add: { cap_drop: [ALL], logging: { driver: local, options: { max-size: 10m } } }, set: { read_only: true }, remove: { privileged: true, build: { network: host } }, safe: [logging.options] }";
    expect(await errorsOf(withFix(all))).toEqual([]);
    const element = withFix("{ removeElement: [devices], setElement: { ports: { host_ip: 127.0.0.1 } } }").replace("fail:\n", "each: [devices]\nfail:\n").replace("{ privileged: true }", "{ privileged: true, devices: [{ key: a }] }");
    expect(await errorsOf(element)).toEqual([]);
  });

  it.each<[string, string, string[]]>([
    ["runs a program", "{ set: { command: x } }", ['p.yaml:11:56: unknown key "command"', "  accepted: cap_drop, security_opt, read_only, init, mem_limit, memswap_limit, cpus, cpuset, pids_limit, restart, logging"]],
    ["gives a capability", "{ add: { cap_add: [ALL] } }", ['p.yaml:11:56: unknown key "cap_add"', "  accepted: cap_drop, security_opt, read_only, init, mem_limit, memswap_limit, cpus, cpuset, pids_limit, restart, logging"]],
    ["sends logs away", "{ add: { logging: { driver: syslog } } }", ['p.yaml:11:75: remediation.fix.add.logging.driver is "syslog"', "  accepted: json-file, local"]],
    ["reads a variable", '{ set: { restart: "${X}" } }', ['p.yaml:11:65: remediation.fix.set.restart is "${X}", which is not of the form ^[ -#%-~]+$', "  Printable ASCII on one line without $"]],
    ["takes a program away", "{ remove: { image: x } }", ['p.yaml:11:59: unknown key "image"', expect.stringContaining("  accepted: network_mode, pid") as string]],
    ["mounts something", "{ setElement: { volumes: { source: / } } }", ['p.yaml:11:72: remediation.fix.setElement.volumes: the key "bind" is missing', 'p.yaml:11:74: unknown key "source"', "  accepted: bind"]],
    ["speaks of an element that there is not", "{ removeElement: [devices] }", ["p.yaml:11:49: removeElement needs a policy with each", "  without it there is no offending element"]],
    ["calls safe what it does not add", "{ add: { cap_drop: [ALL] }, safe: [pids_limit] }", ["p.yaml:11:82: add has no pids_limit"]],
    ["calls nothing safe", "{ safe: true }", ["p.yaml:11:49: safe speaks of add, which is not there"]],
    ["does nothing", "{}", ["p.yaml:11:47: remediation.fix is empty"]],
    ["names a parameter that there is not", '{ set: { restart: "{parameters.x}" } }', ['p.yaml:11:65: {parameters.x} in the remediation: parameters has no "x"', "  the policy declares no parameters"]],
  ])("refuses one that %s", async (_, fix, lines) => {
    expect(await errorsOf(withFix(fix))).toEqual(lines);
  });

  it("refuses one for what is no container", async () => {
    const text = withFix("{ set: { read_only: true } }").replace("target: container", "target: daemon").replace(LEAF, "{ fact: daemon, path: icc, operator: equal, value: true }").replace("{container.name}", "{daemon.name}").replace("{ privileged: true }", "{ icc: true }");
    expect(await errorsOf(text)).toEqual(["p.yaml:11:42: fix is for containers, not for daemon"]);
  });
});

describe("what a condition reads", () => {
  it.each<[string, string, string[]]>([
    ["a fact that is none", withLeaf("{ fact: contaner, path: privileged, operator: equal, value: true }"), [
      'p.yaml:7:15: there is no fact "contaner" here', '  did you mean "container"?',
    ]],
    ["a fact of another kind", withLeaf("{ fact: daemon, path: icc, operator: equal, value: true }"), [
      'p.yaml:7:15: there is no fact "daemon" here', "  accepted: container, parameters",
    ]],
    ["an element where there is no each", withLeaf("{ fact: element, path: key, operator: equal, value: x }"), [
      "p.yaml:7:15: there is no element here", "  `element` is for the fail and escalate conditions of a policy with `each`",
    ]],
    ["an element in when", policy([FAIL, `each: [ports]\nwhen: { all: [{ fact: element, path: key, operator: equal, value: x }] }\n${FAIL}`]), [
      "p.yaml:6:23: there is no element here", "  `element` is for the fail and escalate conditions of a policy with `each`",
    ]],
    ["a path that is none", withLeaf("{ fact: container, path: privleged, operator: equal, value: true }"), [
      'p.yaml:7:32: container has no "privleged"', '  did you mean "privileged"?',
    ]],
    ["a path that is none further down", withLeaf("{ fact: container, path: limits.memry, operator: equal, value: 1 }"), [
      'p.yaml:7:32: container.limits has no "memry"', '  did you mean "memory"?',
    ]],
    ["a path below text", withLeaf("{ fact: container, path: name.length, operator: equal, value: 1 }"), [
      'p.yaml:7:32: container.name has no "length"', "  nothing lies below it",
    ]],
    ["a path below a list", withLeaf("{ fact: container, path: mounts.source, operator: equal, value: x }"), [
      'p.yaml:7:32: container.mounts is a list and has no "source"', "  name the list in `each` and read the fact `element`",
    ]],
    ["what is about the facts themselves", withLeaf("{ fact: container, path: unknown.x, operator: equal, value: x }"), [
      'p.yaml:7:32: container has no "unknown"',
      expect.stringContaining("  accepted: id, name"),
    ]],
    ["a parameter that is not declared", withLeaf("{ fact: container, path: name, operator: equal, value: { fact: parameters, path: x } }"), [
      'p.yaml:7:88: parameters has no "x"', "  the policy declares no parameters",
    ]],
    ["a fact on the right that is none", withLeaf("{ fact: container, path: name, operator: equal, value: { fact: network, path: name } }"), [
      'p.yaml:7:70: there is no fact "network" here', "  accepted: container, parameters",
    ]],
    ["a list to go through that is none", policy([FAIL, `each: [ports, mounst, name]\n${FAIL}`]), [
      'p.yaml:5:15: container has no "mounst"', '  did you mean "mounts"?', "p.yaml:5:23: container.name is text, not a list",
    ]],
    ["a key that the elements do not have", policy([FAIL, `each: [ports]\n${FAIL.replace(LEAF, "{ fact: element, path: hostPrt, operator: equal, value: 1 }")}`]), [
      'p.yaml:8:30: element has no "hostPrt"', '  did you mean "hostPort"?',
    ]],
    ["a parameter in the remediation that is none", policy(["text: Mend it.", 'text: "At most {parameters.most}, ${HOME}"']), [
      'p.yaml:11:36: {parameters.most} in the remediation: parameters has no "most"', "  the policy declares no parameters",
    ]],
    ["a placeholder that is none", policy(["{container.name} runs", "{container.nme}, {element.key} and {colour} run"]), [
      'p.yaml:8:10: {container.nme} in the message: container has no "nme"',
      '  did you mean "name"?',
      "p.yaml:8:10: {element.key} in the message: there is no element here",
      "  `element` is for the fail and escalate conditions of a policy with `each`",
      'p.yaml:8:10: {container.colour} in the message: container has no "colour"',
      expect.stringContaining("  accepted: id, name"),
    ]],
  ])("refuses %s", async (_, text, lines) => {
    expect(await errorsOf(text)).toEqual(lines);
  });

  it("may be any name of a map with free keys, and what one of several lists has", async () => {
    expect(await errorsOf(policy([LEAF, "{ fact: container, path: labels.tier, operator: equal, value: web }"], ["{ privileged: true }", "{ labels: { tier: web } }"]))).toEqual([]);
    const each = policy([FAIL, `each: [ports, mounts]\n${FAIL.replace(LEAF, "{ fact: element, path: readOnly, operator: equal, value: true }")}`]);
    expect(await errorsOf(each.replace("{ privileged: true }", "{ ports: [{}], mounts: [{ readOnly: true }] }"))).toEqual([]);
  });
});

describe("what an operator compares", () => {
  it.each<[string, string, string[]]>([
    ["a list operator on one value", "path: limits.memory, operator: contains, value: 1", [
      "p.yaml:7:57: contains compares a list of single values, and container.limits.memory is a number or null",
      "  fitting operators: equal, notEqual, lessThan, lessThanInclusive, greaterThan, greaterThanInclusive, in, notIn",
    ]],
    ["one value wanted, a list given", "path: capabilities.add, operator: equal, value: ALL", [
      "p.yaml:7:60: equal compares a single value, and container.capabilities.add is a list of text",
      "  fitting operators: contains, containsAny, containsOther, containsGlob, anyPathWithin, anyPathAbove, anyPathIs, anyRangeHolds, longerThan",
    ]],
    ["a number wanted, text given", "path: name, operator: lessThan, value: 1", [
      "p.yaml:7:48: lessThan compares a number, and container.name is text",
      "  fitting operators: equal, notEqual, in, notIn, startsWith, matchesGlob, matchesAnyGlob, olderThanFix",
    ]],
    ["text wanted, a number given", "path: limits.pids, operator: startsWith, value: '1'", [
      "p.yaml:7:55: startsWith compares text, and container.limits.pids is a number or null",
      "  fitting operators: equal, notEqual, lessThan, lessThanInclusive, greaterThan, greaterThanInclusive, in, notIn",
    ]],
    ["elements of a list of maps", "path: ports, operator: contains, value: 80", [
      "p.yaml:7:49: contains compares a list of single values, and container.ports is a list of maps", "  fitting operators: longerThan",
    ]],
    ["a whole map", "path: limits, operator: equal, value: 1", [
      "p.yaml:7:50: equal compares a single value, and container.limits is a map", "  compare one of the values below it",
    ]],
    ["text for true or false", "path: privileged, operator: equal, value: 'true'", ['p.yaml:7:68: value is "true", and container.privileged is true or false']],
    ["a number for text", "path: name, operator: equal, value: 5", ["p.yaml:7:62: value is 5, and container.name is text"]],
    ["null for what is always there", "path: privileged, operator: equal, value: null", ["p.yaml:7:68: value is null, and container.privileged is true or false"]],
    ["a list for one value", "path: name, operator: equal, value: [a]", ['p.yaml:7:62: value is ["a"], and container.name is text']],
    ["one value for a list", "path: name, operator: in, value: a", ['p.yaml:7:59: in compares with a list, and value is "a"', '  ["a"]']],
    ["one element of another type", "path: name, operator: in, value: [a, 5]", ["p.yaml:7:63: value is 5, and container.name is text"]],
    ["an element of another type", "path: capabilities.add, operator: contains, value: 5", ["p.yaml:7:77: value is 5, and an element of container.capabilities.add is text"]],
    ["a length that is text", "path: ports, operator: longerThan, value: '1'", ['p.yaml:7:68: value is "1", and longerThan compares with a number']],
    ["a number that is text", "path: limits.pids, operator: lessThan, value: '1'", ['p.yaml:7:72: value is "1", and lessThan compares with a number']],
    ["another value of another type", "path: name, operator: equal, value: { fact: container, path: privileged }", [
      "p.yaml:7:62: equal compares with text, and container.privileged is true or false",
    ]],
    ["another value where a list is wanted", "path: capabilities.add, operator: containsAny, value: { fact: container, path: name }", [
      "p.yaml:7:80: containsAny compares with a list of text, and container.name is text",
    ]],
  ])("refuses %s", async (_, leaf, lines) => {
    expect(await errorsOf(withLeaf(`{ fact: container, ${leaf} }`))).toEqual(lines);
  });

  it("refuses a word that the value never is, but not a glob", async () => {
    const each = (leaf: string): string => policy([FAIL, `each: [ports]\n${FAIL.replace(LEAF, `{ fact: element, ${leaf} }`)}`], ["{ privileged: true }", "{ ports: [{ scope: any }] }"]);
    expect(await errorsOf(each("path: scope, operator: equal, value: all"))).toEqual([
      'p.yaml:8:61: value is "all", and element.scope is "any", "address" or "loopback"', "  accepted: any, address, loopback",
    ]);
    expect(await errorsOf(each("path: scope, operator: matchesGlob, value: a*y"))).toEqual([]);
  });

  it("knows the type of a parameter from its default", async () => {
    const parameters = "parameters:\n  most: { description: x, default: 5 }\n  names: { description: x, default: [a] }\n";
    const given = (leaf: string): string => policy([FAIL, `${parameters}${FAIL.replace(LEAF, leaf)}`]);
    expect(await errorsOf(given("{ fact: container, path: name, operator: in, value: { fact: parameters, path: most } }"))).toEqual([
      "p.yaml:10:59: in compares with a list of text, and parameters.most is a number",
    ]);
    expect(await errorsOf(given("{ fact: parameters, path: names, operator: longerThan, value: { fact: parameters, path: names } }"))).toEqual([
      "p.yaml:10:69: longerThan compares with a number, and parameters.names is a list of text",
    ]);
  });
});

describe("examples", () => {
  const withExample = (claim: "fail" | "pass", example: string): string =>
    claim === "fail" ? policy(["    - resource: { privileged: true }", `    - ${example}`]) : policy(["    - resource: {}", `    - ${example}`]);

  it.each<[string, string, string[]]>([
    ["a failing one that passes", withExample("fail", "resource: { privileged: false }"), [
      "p.yaml:14:7: the example should fail, and it passes: container.privileged is false",
    ]],
    ["a failing one that is unknown", withExample("fail", "resource: { unknown: { /privileged: denied } }"), [
      "p.yaml:14:7: the example should fail, and it is unknown: cannot tell whether this holds: Title: denied",
    ]],
    ["a passing one that fails", withExample("pass", "resource: { privileged: true, name: web }"), [
      "p.yaml:16:7: the example should pass, and it fails: web runs privileged",
    ]],
    ["a passing one that does not apply", policy([FAIL, `when: { all: [${LEAF.replace("privileged", "running")}] }\n${FAIL}`], ["{ privileged: true }", "{ privileged: true, running: true }"]), [
      "p.yaml:17:7: the example should pass, and it does not apply: running is false",
    ]],
    ["an element that is not at fault", policy([FAIL, `each: [ports]\n${FAIL.replace(LEAF, "{ fact: element, path: scope, operator: equal, value: any }")}`]), [
      "p.yaml:15:7: the example should fail, and it passes: no element of ports is at fault",
    ]],
    ["a misspelt key", withExample("fail", "resource: { privilged: true }"), ['p.yaml:14:19: unknown key "privilged"', '  did you mean "privileged"?']],
    ["a misspelt key of an element", withExample("pass", "resource: { ports: [{ hostPrt: 1 }] }"), ['p.yaml:16:29: unknown key "hostPrt"', '  did you mean "hostPort"?']],
    ["a value of another type", withExample("fail", "resource: { privileged: 'yes' }"), ['p.yaml:14:31: privileged is "yes": expected true or false']],
    ["a word that the value never is", withExample("pass", "resource: { ports: [{ scope: al }] }"), [
      'p.yaml:16:36: scope is "al": expected "any", "address" or "loopback"', "  accepted: any, address, loopback",
    ]],
    ["an unknown that points to nothing", withExample("pass", "resource: { unknown: { /privilged: x } }"), [
      'p.yaml:16:30: "/privilged" points to nothing', '  did you mean "privileged"?',
    ]],
    ["an unknown that is no pointer", withExample("pass", "resource: { unknown: { privileged: x } }"), [
      'p.yaml:16:30: "privileged" is no JSON pointer', "  it begins with /",
    ]],
    ["an unknown without a reason in words", withExample("pass", "resource: { unknown: { /privileged: 5 } }"), ["p.yaml:16:43: /privileged is 5: expected text"]],
    ["origins", withExample("pass", "resource: { origins: {} }"), ["p.yaml:16:19: an example has no origins"]],
    ["another severity", withExample("fail", "resource: { privileged: true }\n      severity: low"), [
      "p.yaml:15:17: the example should have severity low, and has high",
    ]],
    ["a severity of what passes", withExample("pass", "resource: {}\n      severity: low"), ["p.yaml:17:7: only a failing or unknown example has a severity"]],
    ["a parameter that is not declared", withExample("fail", "resource: { privileged: true }\n      parameters: { most: 1 }"), [
      'p.yaml:15:21: p has no parameter "most"', "  it has no parameters",
    ]],
    ["a name that the policy does not judge", policy([FAIL, `names: [we?]\n${FAIL}`]), [
      'p.yaml:15:17: the policy does not judge "example": none of its names matches', 'p.yaml:17:17: the policy does not judge "example": none of its names matches',
    ]],
    ["a scope of what has none", policy([FAIL, `scopes: [host]\n${FAIL}`]), ["p.yaml:5:1: a container has no scope; only a sysctl has one"]],
    ["a sysctl of another scope", policy([FAIL, `scopes: [host]\n${FAIL}`]).replaceAll("container", "sysctl").replace("path: privileged", "path: exists").replace("{ privileged: true }", "{ scope: host, exists: true }").replace("resource: {}", "resource: { scope: container }"), [
      "p.yaml:17:17: the policy does not judge it: its scope is none of the policy's",
    ]],
  ])("refuses %s", async (_, text, lines) => {
    expect(await errorsOf(text)).toEqual(lines);
  });

  it("counts those that are not as claimed", async () => {
    const text = policy(["    - resource: { privileged: true }", "    - resource: {}\n    - resource: { privilged: true, nme: x }\n    - resource: { privileged: true }"]);
    const { examples, wrongExamples, errors } = await inspectPolicies([{ file: "p.yaml", text }], []);
    expect([examples, wrongExamples, errors.length]).toEqual([4, 2, 3]);
  });

  it("have the first exact name that the policy judges, else have to say one", async () => {
    expect(await errorsOf(policy([FAIL, `names: ["we?", web]\n${FAIL}`]))).toEqual([]);
    const globs = policy([FAIL, `names: ["we?"]\n${FAIL}`]);
    expect(await errorsOf(globs.replace("{ privileged: true }", "{ name: web, privileged: true }").replace("resource: {}", "resource: { name: wet }"))).toEqual([]);
  });

  it("prove an escalation by their severity", async () => {
    const text = policy(
      [FAIL, `${FAIL}\nescalate:\n  - { when: { all: [${LEAF.replace("privileged", "hostPid")}] }, severity: critical }`],
      ["    - resource: { privileged: true }", "    - resource: { privileged: true, hostPid: true }\n      severity: critical\n    - resource: { privileged: true }\n      severity: high"],
    );
    expect(await errorsOf(text)).toEqual([]);
  });
});

describe("ids", () => {
  it("are the names of their files", async () => {
    expect(await errorsOfFiles({ "dir/q.yaml": SOUND })).toEqual(['dir/q.yaml:1:5: id is "p", and the file is called "q.yaml"', "  both have to be the same"]);
  });

  it("mean one policy", async () => {
    expect(await errorsOfFiles({ "a/p.yaml": SOUND, "b/p.yml": `# second\n${SOUND}`, "c/p.yaml": SOUND })).toEqual([
      'b/p.yml:2:5: the id "p" is taken by a/p.yaml:1:5', 'c/p.yaml:1:5: the id "p" is taken by a/p.yaml:1:5',
    ]);
    expect(await errorsOf(SOUND, [policyOf({ id: "p" })])).toEqual(['p.yaml:1:5: the id "p" is taken by a built-in policy']);
  });
});

describe("several mistakes", () => {
  it("are told at once, of all files, in the order in which they stand", async () => {
    const conditions = policy(["privileged, operator", "privleged, operator"], ["{container.name}", "{container.nme}"], ["id: p", "id: q"]);
    expect(await errorsOfFiles({ "p.yaml": conditions, "s.yaml": policy(["id: p", "id: s"]), "t.yaml": "a: [1\n" })).toEqual([
      'p.yaml:1:5: id is "q", and the file is called "p.yaml"',
      "  both have to be the same",
      'p.yaml:7:32: container has no "privleged"',
      '  did you mean "privileged"?',
      'p.yaml:8:10: {container.nme} in the message: container has no "nme"',
      '  did you mean "name"?',
      "t.yaml:2:1: not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
    ]);
  });
});

describe("a hostile policy", () => {
  it("cannot nest its conditions without end", async () => {
    const nested = Array.from({ length: 20 }).reduce<string>((inner) => `{ not: ${inner} }`, LEAF);
    expect(await errorsOf(policy([FAIL, `fail: ${nested}`]))).toEqual(["p.yaml:5:147: conditions are nested more than 16 levels deep"]);
  });

  it("cannot compare without end", async () => {
    const many = Array.from({ length: 101 }, () => LEAF).join(", ");
    expect(await errorsOf(policy([FAIL, `fail: { any: [${many}] }`]))).toEqual(["p.yaml:5:1: the policy makes 101 comparisons, more than 100"]);
  });

  it("cannot have examples without end", async () => {
    const many = Array.from({ length: 100 }, () => "    - resource: {}").join("\n");
    expect(await errorsOf(policy(["    - resource: {}", many]))).toEqual(["p.yaml:12:1: the policy has 101 examples, more than 100"]);
  });

  it("cannot multiply its conditions by aliases", async () => {
    const bomb = policy([LEAF, `&a { any: [${LEAF}, ${LEAF}] }\n    - &b { any: [*a, *a, *a, *a, *a, *a, *a, *a] }\n    - &c { any: [*b, *b, *b, *b, *b, *b, *b, *b] }\n    - { any: [*c, *c, *c, *c, *c, *c, *c, *c] }`]);
    expect(await errorsOf(bomb)).toEqual(["p.yaml:7:5: expands to more than 64 KiB"]);
  });

  it("gets its answer soon, whatever is wrong with it", async () => {
    const start = performance.now();
    const keys = Array.from({ length: 6000 }, (_, index) => `k${index}: 1`).join("\n");
    const deep = `${"{ all: [".repeat(25)}1${"] }".repeat(25)}`;
    const wide = Array.from({ length: 2000 }, () => "{ fact: x }").join(", ");
    for (const text of [keys, policy([FAIL, `fail: ${deep}`]), policy([FAIL, `fail: { any: [${wide}] }`]), policy(["title: Title", `title: [${"a, ".repeat(9000)}]`])]) {
      const lines = await errorsOf(text);
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.length).toBeLessThan(110);
      expect(lines.every((line) => line.length < 600)).toBe(true);
    }
    expect(performance.now() - start).toBeLessThan(15_000);
  });

  it("cannot reach what is not its own", async () => {
    expect(await errorsOf(policy([LEAF, "{ fact: container, path: constructor.name, operator: equal, value: Object }"]))).toEqual([
      'p.yaml:7:32: container has no "constructor"', expect.stringContaining("  accepted: id, name") as unknown as string,
    ]);
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });
});
