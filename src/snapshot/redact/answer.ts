/** The redactor for what the engine answers: inspect of containers and images, info, networks, volumes. */
import type { Raw } from "../model.ts";
import { redactCommand, redactScript } from "./command.ts";
import { redactShapes } from "./shapes.ts";
import { redactUrls } from "./urls.ts";
import { redactEntry, redactValue } from "./value.ts";

/**
 * Redacts an answer wherever a credential can stand: every text by its key and its shape, `NAME=value` entries, command lines. By
 * walking all of it rather than a list of fields, what a newer engine adds is covered as well.
 */
export function redactAnswer(raw: Raw): Raw {
  return redactObject(raw);
}

function redactObject(object: Raw): Raw {
  // A variable as the CRI writes it.
  const { key: name, value: text } = object;
  if (typeof name === "string" && typeof text === "string") return { ...redactFields({ ...object, value: null }), value: redactValue(name, text) };
  return redactFields(object);
}

function redactFields(object: Raw): Raw {
  // fromEntries, so that a key named __proto__ stays a key.
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [redactUrls(redactShapes(key)), redactNode(key, value, object)]));
}

function redactNode(key: string, value: unknown, parent: Raw): unknown {
  if (typeof value === "string") return SCRIPTS.has(key) ? redactScript(value) : redactValue(key, value);
  if (Array.isArray(value)) return redactList(key, value, parent);
  return isObject(value) ? redactObject(value) : value;
}

function redactList(key: string, list: readonly unknown[], parent: Raw): unknown[] {
  if (COMMANDS.has(key) && list.every((word) => typeof word === "string")) return redactCommand(list, wordsBefore(key, parent));
  return list.map((element) => (typeof element === "string" ? redactElement(key, element) : redactNode(key, element, parent)));
}

/** An entry `NAME=value` as in Env, else a value of the list's own name. */
function redactElement(key: string, element: string): string {
  return /^[A-Za-z_][\w.-]*=/.test(element) ? redactEntry(element) : redactValue(key, element);
}

/** Argument vectors. `Test` is a health check's; those in small letters are the CRI's and the OCI's. */
const COMMANDS = new Set(["Cmd", "Entrypoint", "Args", "Test", "Shell", "OnBuild", "command", "args"]);
/** Texts that a shell ran. */
const SCRIPTS = new Set(["CreatedBy", "created_by"]);

function wordsBefore(key: string, parent: Raw): string[] {
  if (key === "args") return Array.isArray(parent["command"]) ? parent["command"].filter((word) => typeof word === "string") : [];
  if (key === "Args") return typeof parent["Path"] === "string" ? [parent["Path"]] : [];
  const entrypoint: unknown = key === "Cmd" ? parent["Entrypoint"] : null;
  return Array.isArray(entrypoint) ? entrypoint.filter((word) => typeof word === "string") : [];
}

function isObject(value: unknown): value is Raw {
  return typeof value === "object" && value !== null;
}
