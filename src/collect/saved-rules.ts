/** Rule sets that the boot restores: files of iptables-persistent, of Red Hat's iptables-services, and nftables.conf. */
import type { Answer, DataOf } from "../snapshot/model.ts";
import { denied, ok } from "./answer.ts";
import { readTextFile } from "./text-file.ts";

const FILES = [
  "/etc/iptables/rules.v4",
  "/etc/iptables/rules.v6",
  "/etc/sysconfig/iptables",
  "/etc/sysconfig/ip6tables",
  "/etc/nftables.conf",
];
const MAXIMUM_BYTES = 32 * 1024 * 1024;

/** The files that exist, in the order above. */
export function collectSavedRules(): Promise<Answer<DataOf<"saved-rules">>> {
  const files = FILES.map((path) => readTextFile(path, MAXIMUM_BYTES)).filter((file) => file.error !== "ENOENT" && file.error !== "ENOTDIR");
  const unreadable = files.find((file) => file.error !== null);
  const answer = ok(files);
  return Promise.resolve(
    unreadable === undefined ? answer : { ...denied<typeof files>(`${unreadable.path} cannot be read: ${unreadable.error ?? ""}`), data: files },
  );
}
