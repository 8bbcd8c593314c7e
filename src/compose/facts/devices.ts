/** Devices of the host that a service gets: mapped, by CDI name, or requested. */
import { EVERY_DEVICE } from "../../facts/container/every-device.ts";
import { normalizePath } from "../../facts/host-path.ts";
import type { Container } from "../../facts/model/container.ts";
import { pointer } from "../../facts/resource.ts";
import { child, descend, type Node, unknownsOf } from "../node.ts";
import { booleanAt, listAt, textAt, textsAt } from "../values/read.ts";
import { type FactRecord, noteNode, place } from "./record.ts";

type Device = Container["devices"][number];

export function readDevices(record: FactRecord): Device[] {
  place(record, ["devices"], ["devices"], ["gpus"], ["deploy", "resources", "reservations", "devices"]);
  const { spec } = record;
  const reserved = descend(spec, "deploy", "resources", "reservations");
  const privileged = child(spec, "privileged");
  const devices = [
    ...(privileged !== undefined && (booleanAt(spec, "privileged") === true || unknownsOf(privileged).length > 0) ? [{ node: privileged, device: EVERY_DEVICE }] : []),
    ...listAt(spec, "devices").map((node) => ({ node, device: readMapping(node) })),
    ...listAt(spec, "gpus").map((node) => ({ node, device: readRequest(node, ["gpu"]) })),
    ...listAt(reserved, "devices").map((node) => ({ node, device: readRequest(node, []) })),
  ];
  devices.forEach(({ node }, index) => {
    noteNode(record, pointer(["devices", index]), child(node, "source") ?? node, node, child(spec, "devices"));
  });
  return devices.map(({ device }) => device);
}

/** `vendor.com/class=name` is a device by the name of the Container Device Interface. */
const CDI_NAME = /^[A-Za-z][\w.-]*\/[A-Za-z][\w.-]*=[A-Za-z0-9][\w.:-]*$/;

function readMapping(node: Node): Device {
  const [source, target] = [textAt(node, "source") ?? "", textAt(node, "target") ?? ""];
  const path = normalizePath(source);
  if (source === target && CDI_NAME.test(source)) return { key: source, path: null, type: "request", permissions: "rwm" };
  return { key: path, path, type: "path", permissions: textAt(node, "permissions") ?? "rwm" };
}

function readRequest(node: Node, capabilities: readonly string[]): Device {
  const names = [...textsAt(node, "capabilities").map(({ value }) => value), ...capabilities];
  const ids = textsAt(node, "device_ids").map(({ value }) => value);
  const driver = textAt(node, "driver") || names.join("+") || "device";
  return { key: `${driver} ${ids.length === 0 ? "all" : ids.join(" ")}`, path: null, type: "request", permissions: "rwm" };
}
