/** Random rule sets about sixteen sources, small enough to try every one. */
import fc from "fast-check";

/** 10.0.0.0 to 10.0.0.15. */
export const FIRST = 0x0a000000n;
export const SIZE = 16n;

const chains = ["A", "B", "C"] as const;

const source = fc.oneof(
  fc.tuple(fc.nat(15), fc.constantFrom(28, 29, 30, 31, 32)).map(([host, length]) => `-s 10.0.0.${host}/${length}`),
  fc.tuple(fc.nat(15), fc.nat(15)).map(([a, b]) => `-m iprange --src-range 10.0.0.${Math.min(a, b)}-10.0.0.${Math.max(a, b)}`),
  fc.tuple(fc.nat(15), fc.constantFrom(28, 29, 30, 31, 32)).map(([host, length]) => `-m conntrack --ctorigsrc 10.0.0.${host}/${length}`),
);
const negatedSource = fc.tuple(fc.nat(15), fc.constantFrom(29, 30, 31, 32)).map(([host, length]) => `! -s 10.0.0.${host}/${length}`);

const others = fc.constantFrom(
  "-p tcp -m tcp --dport 80", "-p tcp -m tcp --dport 81", "-m mark --mark 0x1/0x1", "-m mark ! --mark 0x2/0x3", "-m connmark --mark 0x1/0x1", "-m conntrack --ctstate NEW",
  "-m conntrack --ctstate ESTABLISHED", "-m conntrack --ctstate INVALID", "-m conntrack --ctstate DNAT", "-m conntrack --ctreplsrc 172.17.0.2", "-m conntrack --ctrepldst 10.0.0.4/30",
  "-m addrtype --src-type LOCAL", "-m addrtype ! --src-type UNICAST", "-i eth0", "! -i eth0",
  "-d 172.17.0.2/32", "-d 192.0.2.1/32", "! -d 172.17.0.0/16", "-p udp -m udp --dport 80:90",
);
const open = fc.constantFrom("-m limit --limit 1/sec", "-m hashlimit --hashlimit-above 1/sec --hashlimit-mode srcip --hashlimit-name x", '-m string --string "x" --algo bm', "-m statistic --mode random --probability 0.5");

const conditions = fc
  .tuple(fc.option(fc.oneof(source, source, negatedSource), { nil: "" }), fc.option(others, { nil: "" }), fc.oneof({ weight: 8, arbitrary: fc.constant("") }, { weight: 1, arbitrary: open }))
  .map((words) => words.filter((word) => word !== "").join(" "));

/** Chains only jump to later ones. */
function targetIn(chain: string): fc.Arbitrary<string> {
  const later = chains.filter((name) => chain.length > 1 || name > chain);
  const jumps = later.flatMap((name) => [`-j ${name}`, `-j ${name}`, `-g ${name}`]);
  return fc.constantFrom("-j ACCEPT", "-j DROP", "-j DROP", "-j REJECT", "-j RETURN", "-j LOG", ...jumps);
}

function rules(chain: string, target: fc.Arbitrary<string>, most: number): fc.Arbitrary<readonly string[]> {
  return fc.array(fc.tuple(conditions, target).map(([words, action]) => `-A ${chain} ${words} ${action}`.replace(/ +/g, " ")), { maxLength: most });
}

const policy = fc.constantFrom("ACCEPT", "DROP");
const marks = fc.constantFrom("-j MARK --set-xmark 0x1/0x1", "-j MARK --set-xmark 0x2/0x3", "-j CONNMARK --set-xmark 0x1/0x1", "-j CONNMARK --restore-mark", "-j ACCEPT", "-j DROP");
const destinations = fc.constantFrom("-j DNAT --to-destination 172.17.0.2", "-j DNAT --to-destination 172.17.0.3", "-j ACCEPT", "-j RETURN");
const sources = fc.constantFrom("-j MASQUERADE", "-j SNAT --to-source 10.0.0.5", "-j SNAT --to-source 192.0.2.1", "-j ACCEPT");

/** A dump of iptables-save. */
export const randomRules: fc.Arbitrary<string> = fc
  .record({
    raw: rules("PREROUTING", fc.constantFrom("-j CT --notrack", "-j DROP", "-j ACCEPT"), 2),
    mangle: rules("PREROUTING", marks, 4),
    nat: rules("PREROUTING", destinations, 3),
    post: rules("POSTROUTING", sources, 3),
    late: rules("POSTROUTING", fc.constantFrom("-j DROP", "-j ACCEPT"), 2),
    input: rules("INPUT", targetIn("INPUT"), 6),
    forward: rules("FORWARD", targetIn("FORWARD"), 6),
    user: fc.tuple(...chains.map((name) => rules(name, targetIn(name), 5))),
    policies: fc.tuple(policy, policy),
  })
  .map(({ raw, mangle, nat, post, late, input, forward, user, policies }) =>
    [
      "*raw", ":PREROUTING ACCEPT [0:0]", ...raw, "COMMIT",
      "*mangle", ":PREROUTING ACCEPT [0:0]", ":POSTROUTING ACCEPT [0:0]", ...mangle, ...late, "COMMIT",
      "*nat", ":PREROUTING ACCEPT [0:0]", ":POSTROUTING ACCEPT [0:0]", ...nat.map((rule) => rule.replace(/-m conntrack --ctrepl\w+ \S+/, "")), ...post, "COMMIT",
      "*filter", `:INPUT ${policies[0]} [0:0]`, `:FORWARD ${policies[1]} [0:0]`, ...chains.map((name) => `:${name} - [0:0]`), ...input, ...forward, ...user.flat(), "COMMIT", "",
    ].join("\n"),
  );
