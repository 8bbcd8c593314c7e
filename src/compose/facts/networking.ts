/** Networks, published ports and name resolution of a service. */
import { addressScope, splitHostEntry } from "../../facts/addresses.ts";
import type { Container } from "../../facts/model/container.ts";
import { pointer } from "../../facts/resource.ts";
import { child, type MapNode, printScalar } from "../node.ts";
import { entriesAt, listAt, textAt } from "../values/read.ts";
import { readAttachments } from "./attachments.ts";
import { findEngineNetwork } from "./engine-networks.ts";
import { readPorts } from "./ports.ts";
import { type FactRecord, noteNode, noteUnknown, place } from "./record.ts";

type Networking = Pick<Container, "networks" | "onDefaultBridge" | "ports" | "dns" | "extraHosts">;

export function readNetworking(record: FactRecord, model: MapNode): Networking {
  for (const fact of ["onDefaultBridge", "networks"]) {
    place(record, [fact], ["network_mode"], ["networks"]);
    noteUnknown(record, `/${fact}`, child(record.spec, "network_mode"));
  }
  const bridge = findEngineNetwork(record.spec, model, "bridge");
  if (bridge !== undefined) noteNode(record, "/onDefaultBridge", bridge);
  place(record, ["ports"], ["ports"]);
  place(record, ["dns"], ["dns"]);
  place(record, ["extraHosts"], ["extra_hosts"]);
  const attachments = readAttachments(record, model);
  const networks = attachments.map(({ network }) => network);
  return {
    networks,
    onDefaultBridge: networks.some((network) => network.defaultBridge),
    ports: readPorts(record, attachments),
    dns: listTexts(record, "dns").map(({ text }) => ({ key: text, address: text, scope: addressScope(text) })),
    extraHosts: listHosts(record),
  };
}

function listTexts(record: FactRecord, key: string): { text: string }[] {
  const single = textAt(record.spec, key);
  if (single !== null) return [{ text: single }];
  return listAt(record.spec, key).flatMap((item, index) => {
    if (item.kind !== "scalar") return [];
    noteNode(record, pointer([key, index]), item, child(record.spec, key));
    return [{ text: printScalar(item) }];
  });
}

/** Both forms: `host: address`, of which one may have several, and `host:address` texts. */
function listHosts(record: FactRecord): Container["extraHosts"] {
  const asList = listAt(record.spec, "extra_hosts").map((item) => [item, item.kind === "scalar" ? printScalar(item) : ""] as const);
  const asMap = entriesAt(record.spec, "extra_hosts").flatMap(([host, { value }]) =>
    (value.kind === "list" ? value.items : [value]).map((item) => [item, `${host}=${item.kind === "scalar" ? printScalar(item) : ""}`] as const),
  );
  const listed = [...asList, ...asMap].flatMap(([node, text]) => {
    const { host, address } = splitHostEntry(text);
    return address.split(",").map((one) => {
      const bare = splitHostEntry(`${host}=${one}`).address;
      return { node, entry: { key: `${host}:${one}`, host, address: bare, scope: addressScope(bare) } };
    });
  });
  listed.sort((a, b) => (a.entry.key < b.entry.key ? -1 : 1));
  listed.forEach(({ node }, index) => {
    noteNode(record, pointer(["extraHosts", index]), node, child(record.spec, "extra_hosts"));
  });
  return listed.map(({ entry }) => entry);
}
