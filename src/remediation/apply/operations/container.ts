/** Has the engine change a setting of a container, and change it back. */
import { HardenError } from "../../../errors.ts";
import { readSetting, renderUpdate } from "../../containers/settings.ts";
import type { ContainerDraft, ContainerOperation } from "../../operations/container.ts";
import { callEngine } from "../engine-api.ts";
import type { Effects } from "./effects.ts";

export const containerEffects: Effects<ContainerDraft, ContainerOperation> = {
  async read(draft) {
    const now = await readNow(draft);
    if (now === null) throw new HardenError(`the container ${draft.name} is gone`, { hint: "plan again" });
    if (now === draft.after) return null;
    requirePlanned(now, draft);
    return draft;
  },
  async perform(operation) {
    const now = await readNow(operation);
    if (now === null) throw new HardenError(`the container ${operation.name} is gone`);
    if (now === operation.after) return null;
    requirePlanned(now, operation);
    await update(operation, operation.after);
    return null;
  },
  async undo(operation) {
    const now = await readNow(operation);
    if (now === null || now === operation.before) return null;
    if (now !== operation.after) return `${operation.setting} of ${operation.name} was changed since and is left alone`;
    await update(operation, operation.before);
    return null;
  },
};

/** Null: there is no such container any more. */
async function readNow({ socket, container, setting, name }: ContainerOperation): Promise<string | null> {
  const { status, body } = await callEngine(socket, "GET", `/containers/${container}/json`);
  if (status === 404) return null;
  const value = status === 200 ? readSetting(setting, body) : null;
  if (value === null) throw new HardenError(`the engine does not tell of ${name}: status ${status}`);
  return value;
}

function requirePlanned(now: string, { name, setting, before }: ContainerOperation): void {
  if (now !== before) throw new HardenError(`${setting} of ${name} is ${now} and not ${before} as it was when the plan was made`, { hint: "look at what changed it, then plan again" });
}

/** An engine that cannot limit says so by a warning, and does nothing. */
async function update(operation: ContainerOperation, value: string): Promise<void> {
  const { socket, container, setting, name } = operation;
  const { status, body } = await callEngine(socket, "POST", `/containers/${container}/update`, renderUpdate(setting, value));
  if (status !== 200) throw new HardenError(`${name} does not take ${setting} ${value}: ${messageOf(body) ?? `status ${status}`}`);
  if ((await readNow(operation)) !== value) throw new HardenError(`${name} did not take ${setting} ${value}`);
}

function messageOf(body: unknown): string | null {
  return typeof body === "object" && body !== null && "message" in body && typeof body.message === "string" ? body.message : null;
}
