/** What a command line of podman's asked for that its inspect answers do not repeat. */
import type { Raw } from "../../snapshot/model.ts";
import { textOf, toList, toObject } from "./raw.ts";

export interface CreateOptions {
  /** By key. */
  readonly sysctls: Readonly<Record<string, string>>;
  readonly deviceCgroupRules: readonly string[];
  /** `--security-opt unmask=…`, whatever of the system's paths it names. */
  readonly unmasks: boolean;
  readonly hostIpc: boolean;
}

/**
 * `Config.CreateCommand` of podman's own inspect answer: the words of `podman run` or `podman create` (podman-inspect(1)). Null for a container that
 * was made otherwise: by `podman play kube`, for a pod, or by the API, where the words are those of `podman system service`.
 */
export function readCreateCommand(own: Raw): CreateOptions | null {
  const words = toList(toObject(own["Config"])["CreateCommand"]).map(textOf);
  if (words.length === 0) return null;
  const image = textOf(toObject(own["Config"])["Image"]);
  const end = words.findIndex((word, index) => index > 1 && namesImage(word, image));
  const options = words.slice(0, end < 0 ? words.length : end);
  if (!options.some((word) => word === "run" || word === "create")) return null;
  const valuesOf = (flag: string): string[] => options.flatMap((word, index) => {
    if (word.startsWith(`${flag}=`)) return [word.slice(flag.length + 1)];
    return options[index - 1] === flag ? [word] : [];
  });
  return {
    sysctls: Object.fromEntries(valuesOf("--sysctl").map((entry) => splitOnce(entry))),
    deviceCgroupRules: valuesOf("--device-cgroup-rule"),
    unmasks: valuesOf("--security-opt").some((option) => /^unmask[=:]/i.test(option)),
    hostIpc: valuesOf("--ipc").includes("host"),
  };
}

/** The image may be given by a shorter name than it then has: `busybox` is `docker.io/library/busybox:latest`. What follows it is the container's own command. */
function namesImage(word: string, image: string): boolean {
  return word !== "" && !word.startsWith("-") && (image === word || `/${image}`.endsWith(`/${word}`) || `/${image}`.endsWith(`/${word}:latest`));
}

function splitOnce(entry: string): [string, string] {
  const separator = entry.indexOf("=");
  return separator < 0 ? [entry, ""] : [entry.slice(0, separator), entry.slice(separator + 1)];
}
