/**
 * The walk of packets against the kernel, for longer than the test suite: random rule sets of both back ends of iptables and of nft, and of both families, with
 * bridges that filter and bridges that do not, as root.
 *
 *     npm run oracle -- --count 1000 [--seed=N]
 *
 * `--count`: rule sets in all, with fifty first packets each, and what follows them. Prints a disagreement as the smallest rule set that shows it, and ends with 1.
 */
import { parseArgs } from "node:util";
import { openRandomLab, runRandom } from "../test/netfilter/lab/random.ts";
import { runRandomNft } from "../test/netfilter/lab/random-nft.ts";

const COMBINATIONS = (["nft", "legacy", "native"] as const).flatMap((backend) => ([4, 6] as const).flatMap((family) => [false, true].map((bridged) => ({ backend, family, bridged }))));

const { values } = parseArgs({ options: { count: { type: "string", default: "1000" }, seed: { type: "string" } } });
const [count, seed] = [Number(values.count), values.seed === undefined ? undefined : Number(values.seed)];
if (!Number.isInteger(count) || count < 1 || (seed !== undefined && !Number.isInteger(seed))) {
  process.stderr.write("usage: npm run oracle -- --count N [--seed=N]\n");
  process.exit(2);
}
for (const { backend, family, bridged } of COMBINATIONS) {
  // A lab for each: rules of the other back end would be judged as well.
  const opened = await openRandomLab({ bridged });
  try {
    const options = { family, runs: Math.ceil(count / COMBINATIONS.length), ...(seed === undefined ? {} : { seed }) };
    const { tally, failure } = backend === "native" ? await runRandomNft(opened, options) : await runRandom(opened, { ...options, backend });
    const { packets, later, unknown, accepted, rejected } = tally;
    const share = (part: number): string => `${((100 * part) / packets).toFixed(1)} %`;
    process.stdout.write(`${backend === "native" ? "nft" : `iptables-${backend}`} IPv${String(family)}${bridged ? ", bridges filter" : ""}: ${String(packets)} packets (${String(later)} of connections that are there), accepted ${share(accepted)}, rejected ${share(rejected)}, unknown ${share(unknown)}\n`);
    if (failure !== null) {
      process.stdout.write(`${failure}\n`);
      process.exitCode = 1;
    }
  } finally {
    await opened.lab.close();
  }
}
