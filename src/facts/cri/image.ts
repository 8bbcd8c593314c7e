/** Images as `crictl inspecti` tells of them: what the OCI says of an image (image-spec, config.md), which knows no health checks. */
import type { ContainerAnswer, Raw } from "../../snapshot/model.ts";
import { credentialRule } from "../../snapshot/redact.ts";
import { isRootUser } from "../container/root-user.ts";
import type { Image } from "../model/image.ts";
import { at, listAt, textAt, textsAt } from "../raw.ts";
import type { Place } from "../resource.ts";

export function isCriImage(raw: Raw): boolean {
  return Array.isArray(at(raw, "status", "repoTags"));
}

/** None for one that no container uses: crictl tells of all that lie on the node. */
export function deriveCriImage(raw: Raw, containers: readonly ContainerAnswer[]): Image[] {
  const digest = textAt(raw, "status", "id") ?? "";
  const users = containers.filter((container) => usesImage(container, digest)).map(({ name }) => name);
  if (users.length === 0) return [];
  const id = textsAt(raw, "status", "repoTags")[0] ?? digest;
  const place = (key: string): Place => ({ source: "images", key: `${id} info.imageSpec.${key}` });
  const spec = at(raw, "info", "imageSpec");
  const user = textAt(spec, "config", "User") ?? "";
  const quiet = "crictl was asked without info.imageSpec, which crictl inspecti prints unless it is told to be quiet";
  const steps = listAt(spec, "history").map((entry) => textAt(entry, "created_by") ?? "");
  return [{
    kind: "image",
    id,
    name: id,
    origins: { "": { source: "images", key: id }, "/user": place("config.User"), "/root": place("config.User"), "/created": place("created"), "/secrets": place("history") },
    unknown: spec === undefined ? { "": quiet } : {
      "/healthcheck": "an image of the OCI's form says nothing of health checks",
      "/ageDays": "crictl does not tell when it was asked",
      ...(at(spec, "history") === undefined ? { "/secrets": "the image does not tell how it was built" } : {}),
    },
    user,
    root: isRootUser(user),
    healthcheck: false,
    created: textAt(spec, "created"),
    ageDays: null,
    secrets: steps.flatMap((step, index) => {
      const credential = credentialRule(step);
      return credential === null ? [] : [{ key: `step ${index + 1}`, step, credential }];
    }),
    usedBy: users,
  }];
}

/** containerd has the image's id as the reference, CRI-O a digest of the registry's beside it. */
function usesImage({ inspect }: ContainerAnswer, digest: string): boolean {
  return [textAt(inspect, "status", "imageRef"), textAt(inspect, "status", "imageId")].some((text) => text !== null && text !== "" && bare(text) === bare(digest));
}

function bare(digest: string): string {
  return digest.replace(/^sha256:/, "");
}
