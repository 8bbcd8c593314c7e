/** Shapes that occur in many places of a compose file. */
import { either, list, map, named, openMap, scalar, set, strictMap, type Shape } from "./shape.ts";

const ANY_NAME = /^[^\n]+$/;

export const text = scalar("string");
export const flag = scalar("boolean", "string");
export const integer = scalar("integer", "string");
export const number = scalar("number", "string");

export const texts = set(text);
export const textOrTexts = either(text, texts);
/** KEY=VALUE texts or a map. */
export const pairs = either(texts, named(scalar("string", "number", "boolean", "null"), ANY_NAME));
export const command = either(scalar("null", "string"), list(text));
export const options = named(number, ANY_NAME, false);
export const anyMap = openMap({});
export const extraHosts = either(set(text), named(either(text, list(text)), ANY_NAME));
export const labelFiles = either(text, list(text));
export const envFiles = either(text, list(either(text, strictMap({ path: text, format: text, required: flag }, "path"))));

/** Configs and secrets of a service. */
export const grants = list(either(text, map({ source: text, target: text, uid: text, gid: text, mode: number })));

const limit = map({ hard: integer, soft: integer }, "soft", "hard");
export const ulimits = named(either(integer, limit), /^[a-z]+$/, false);

export const hook = map({ command, user: text, privileged: flag, working_dir: text, environment: pairs }, "command");

const deviceRequest = { capabilities: texts, count: integer, device_ids: texts, driver: text, options: pairs };
export const deviceReservations = list(map(deviceRequest, "capabilities"));
export const gpus: Shape = either({ scalar: { types: ["string"], accepted: ["all"] } }, list(openMap(deviceRequest)));
