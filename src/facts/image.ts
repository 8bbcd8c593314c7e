/** Images that containers of this host use, from the engine's own metadata. */
import type { Snapshot } from "../snapshot/model.ts";
import { isRootUser } from "./container/root-user.ts";
import type { Image } from "./model/image.ts";
import { textAt, textsAt } from "./raw.ts";
import type { Derived } from "./resource.ts";

export function deriveImages(snapshot: Snapshot): Derived<Image> {
  const { engine, images } = snapshot.sources;
  const source = engine.status === "ok" ? images : engine;
  const resources = (images.data ?? []).map(deriveImage).sort((a, b) => (a.id < b.id ? -1 : 1));
  return { resources, source: { status: source.status, detail: source.detail } };
}

function deriveImage(raw: unknown): Image {
  const id = textsAt(raw, "RepoTags")[0] ?? textAt(raw, "Id") ?? "";
  const user = textAt(raw, "Config", "User") ?? "";
  const test = textsAt(raw, "Config", "Healthcheck", "Test");
  return {
    kind: "image",
    id,
    name: id,
    origins: { "": { source: "images", key: id }, "/user": { source: "images", key: `${id} Config.User` } },
    unknown: {},
    user,
    root: isRootUser(user),
    healthcheck: test.length > 0 && test[0] !== "NONE",
    created: textAt(raw, "Created"),
  };
}
