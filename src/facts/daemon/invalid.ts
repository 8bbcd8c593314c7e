/** What is wrong with daemon.json: what dockerd would not start with, and what it takes and ignores. */
import { nearest } from "../../text.ts";
import type { Daemon } from "../model/daemon.ts";
import type { Part } from "../part.ts";
import type { Place } from "../resource.ts";
import type { ConfigFile } from "./config-file.ts";
import type { Configuration } from "./configuration.ts";
import { FLAG_OF_KEY, KNOWN_KEYS, type KnownKey } from "./known-keys.ts";
import { findShapeFaults } from "./shape-faults.ts";

type Invalid = Daemon["invalid"][number] & { readonly place: Place };

/** The file as it stands, whether or not it is what runs. `version` is the engine's; without one a key that any engine knows is known. */
export function deriveInvalid(configuration: Configuration | string, version: string | null): Part<Pick<Daemon, "invalid">> {
  if (typeof configuration === "string") return { value: { invalid: [] }, unknown: { "/invalid": configuration } };
  const { file, path, fileUnknown } = configuration;
  if (file === null) return { value: { invalid: [] }, unknown: fileUnknown === null ? {} : { "/invalid": fileUnknown } };
  const found = file.error === null ? listFaults(file, configuration, version) : [{ key: path, fault: `${file.error}: dockerd does not start`, place: { source: "daemon", key: path } }];
  return {
    value: { invalid: found.map(({ key, fault }) => ({ key, fault })) },
    origins: { ...(file.root === null ? {} : { "/invalid": file.root }), ...Object.fromEntries(found.map(({ place }, index) => [`/invalid/${index}`, place])) },
  };
}

function listFaults(file: ConfigFile, { flags, unit }: Configuration, version: string | null): Invalid[] {
  const major = Number(/^\d+/.exec(version ?? "")?.[0] ?? Number.NaN);
  const planned = unit?.flags ?? flags;
  const seen = new Set<string>();
  return file.entries.flatMap(([key, value]): Invalid[] => {
    const repeated = seen.has(key);
    seen.add(key);
    const fault = (text: string, at: Place = value.place, name = key): Invalid => ({ key: name, fault: text, place: at });
    if (repeated) return [fault("is given twice, and dockerd takes the last one")];
    const known = KNOWN_KEYS.get(key);
    if (known === undefined) return [fault(explainUnknown(key))];
    const unfit = explainVersion(known, major);
    if (unfit !== null) return [fault(unfit)];
    const wrong = findShapeFaults(value, known.shape, major);
    if (wrong.length > 0) return wrong.map((one) => fault(one.fault, one.place, [key, ...one.path].join(".")));
    const flag = FLAG_OF_KEY[key] ?? key;
    // Runtimes of both are merged.
    if (planned.has(flag) && key !== "runtimes") return [fault(`is given in the file and as the flag --${flag}: dockerd does not start`)];
    return [];
  });
}

/** Objects that hold nothing unknown are ignored (moby looks into them for more keys), and so are flags that have no key. */
function explainUnknown(key: string): string {
  const [meant] = Object.entries(FLAG_OF_KEY).find(([, flag]) => flag === key) ?? [];
  if (meant !== undefined) return `is the name of a flag, which dockerd ignores here: the key is "${meant}"`;
  if (["http-proxy", "https-proxy", "no-proxy"].includes(key)) return 'is ignored by dockerd here: it belongs into the object "proxies"';
  const near = nearest(key, [...KNOWN_KEYS.keys()]);
  return `is no key of daemon.json${near === null ? "" : ` (did you mean "${near}"?)`}: dockerd refuses or ignores it`;
}

function explainVersion({ since, until }: KnownKey, major: number): string | null {
  if (since !== undefined && major < since) return `is known only since engine ${since}: dockerd ${major} does not start`;
  return until !== undefined && major > until ? `was removed after engine ${until}: dockerd ${major} does not start` : null;
}
