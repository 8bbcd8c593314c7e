/** Images that containers of this host use, from the engine's own metadata. */
import { credentialRule } from "../snapshot/redact.ts";
import type { Raw, Snapshot } from "../snapshot/model.ts";
import { listContainerIds } from "./container-id.ts";
import { isRootUser } from "./container/root-user.ts";
import { deriveCriImage, isCriImage } from "./cri/image.ts";
import type { Image } from "./model/image.ts";
import { at, listAt, textAt, textsAt } from "./raw.ts";
import type { Derived, Place } from "./resource.ts";

export function deriveImages(snapshot: Snapshot): Derived<Image> {
  const { engine, images } = snapshot.sources;
  const source = engine.status === "ok" || images.status === "ok" ? images : engine;
  const users = listUsers(snapshot);
  const containers = snapshot.sources.containers.data ?? [];
  const resources = (images.data ?? []).flatMap((raw) => (isCriImage(raw) ? deriveCriImage(raw, containers) : [deriveImage(raw, snapshot.collectedAt, users)])).sort((a, b) => (a.id < b.id ? -1 : 1));
  return { resources, source: { status: source.status, detail: source.detail } };
}

function deriveImage(raw: Raw, collectedAt: string, users: ReadonlyMap<string, readonly string[]>): Image {
  const id = textsAt(raw, "RepoTags")[0] ?? textAt(raw, "Id") ?? "";
  const place = (key: string): Place => ({ source: "images", key: `${id} ${key}` });
  const user = textAt(raw, "Config", "User") ?? "";
  const test = textsAt(raw, "Config", "Healthcheck", "Test");
  const ageDays = countDays(textAt(raw, "Created"), collectedAt);
  const secrets = listSecrets(raw);
  return {
    kind: "image",
    id,
    name: id,
    origins: {
      "": { source: "images", key: id }, "/user": place("Config.User"), "/root": place("Config.User"), "/healthcheck": place("Config.Healthcheck"),
      "/created": place("Created"), "/ageDays": place("Created"), "/secrets": place("History"),
    },
    unknown: {
      ...(ageDays === null ? { "/ageDays": "the image does not tell when it was made" } : {}),
      ...(at(raw, "History") === undefined ? { "/secrets": textAt(raw, "HistoryError") ?? "the image's history was not asked for" } : {}),
    },
    user,
    root: isRootUser(user),
    healthcheck: test.length > 0 && test[0] !== "NONE",
    created: textAt(raw, "Created"),
    ageDays,
    secrets,
    usedBy: [...(users.get(textAt(raw, "Id") ?? "") ?? [])],
  };
}

function listUsers(snapshot: Snapshot): Map<string, string[]> {
  const ids = listContainerIds(snapshot);
  const users = new Map<string, string[]>();
  for (const { id, name, inspect } of snapshot.sources.containers.data ?? []) {
    const image = textAt(inspect, "Image") ?? "";
    users.set(image, [...(users.get(image) ?? []), ids.get(id) ?? name].sort());
  }
  return users;
}

/** The engine names the last step first. */
function listSecrets(raw: Raw): Image["secrets"] {
  const steps = listAt(raw, "History").map((entry) => textAt(entry, "CreatedBy") ?? "").reverse();
  return steps.flatMap((step, index) => {
    const credential = credentialRule(step);
    return credential === null ? [] : [{ key: `step ${index + 1}`, step, credential }];
  });
}

const DAY = 24 * 60 * 60 * 1000;

/** Builds that are to be the same byte by byte set a time long before there were images (SOURCE_DATE_EPOCH): it tells nothing. */
const FIRST = Date.parse("2013-01-01");

function countDays(created: string | null, collectedAt: string): number | null {
  const time = created === null ? Number.NaN : Date.parse(created);
  return Number.isNaN(time) || time < FIRST ? null : Math.floor((Date.parse(collectedAt) - time) / DAY);
}
