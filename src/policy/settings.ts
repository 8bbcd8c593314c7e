/** Reads settings: what an administrator has decided about policies, with the place of each decision. */
import { toErrors, throwErrors, type Fault, type YamlDocument } from "./document.ts";
import { MAX_SETTINGS_SIZE } from "./limits.ts";
import { Settings } from "./model/settings.ts";
import { parseYaml } from "./parse-yaml.ts";
import { findSchemaFaults } from "./validate.ts";
import { quote } from "../text.ts";

/** Settings with the document that they were read from. */
export interface LocatedSettings {
  readonly settings: Settings;
  readonly document: YamlDocument;
}

/** Parses a settings file; an empty one has no settings. Throws HardenError, or HardenErrors with everything that is wrong. */
export async function parseSettings(text: string, file: string): Promise<LocatedSettings> {
  const document = parseYaml(text, file, MAX_SETTINGS_SIZE);
  const value = document.value ?? {};
  const faults = await findSchemaFaults(Settings, value);
  throwErrors(toErrors(document, faults));
  const settings = value as Settings;
  throwErrors(toErrors(document, [...findBadDates(settings), ...findRepeatedWaivers(settings)]));
  return { settings, document };
}

function findBadDates({ waivers = [] }: Settings): Fault[] {
  return waivers.flatMap(({ expires }, index): Fault[] => {
    if (expires === undefined || isDate(expires)) return [];
    return [{ path: ["waivers", index, "expires"], part: "value", message: `waivers[${index}].expires is ${quote(expires)}, which is no day of the calendar` }];
  });
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** Of two waivers for the same thing nobody could say which one holds. */
function findRepeatedWaivers({ waivers = [] }: Settings): Fault[] {
  const seen = new Map<string, number>();
  return waivers.flatMap(({ policy, resource }, index): Fault[] => {
    const key = JSON.stringify([policy, resource]);
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, index);
    return earlier === undefined ? [] : [{ path: ["waivers", index], part: "value", message: `waivers[${index}] repeats waivers[${earlier}]: the same policy and resource` }];
  });
}
