/** Judges a value by a JSON Schema and says in words what is wrong. Ajv is loaded when the first value is to be judged. */
import type { Ajv, ErrorObject, ValidateFunction } from "ajv";
import { quote, suggest } from "../text.ts";
import type { DocumentPath, Fault } from "./document.ts";
import { pickAlternative } from "./alternatives.ts";
import { describeTypes, labelPath, listAccepted, type Schema } from "./schema-words.ts";

/** What is wrong with `value`; nothing if it is valid. The schema must be the same object each time: it is compiled once. */
export async function findSchemaFaults(schema: object, value: unknown): Promise<Fault[]> {
  validator ??= await createValidator();
  const root = schema as Schema;
  return explain({ compile: validator, definitions: root.$defs ?? {} }, root, value, []);
}

type Compile = (schema: Schema, definitions: Schema["$defs"]) => ValidateFunction;
let validator: Compile | undefined;

async function createValidator(): Promise<Compile> {
  // The named export is lost where a bundle wraps the CommonJS module.
  const { default: { Ajv } } = await import("ajv");
  // The schemas are our own and judge a few documents: to judge them first, and to make the compiled good, takes longer than the rest.
  const ajv: Ajv = new Ajv({ allErrors: true, verbose: true, strict: false, validateSchema: false, code: { optimize: false } });
  const compiled = new WeakMap<Schema, ValidateFunction>();
  return (schema, definitions) => {
    const validate = compiled.get(schema) ?? ajv.compile({ ...schema, $defs: definitions });
    compiled.set(schema, validate);
    return validate;
  };
}

interface Context {
  readonly compile: Compile;
  readonly definitions: NonNullable<Schema["$defs"]>;
}

/**
 * Of a value that fits no alternative of an `anyOf` Ajv reports what is wrong with each. Here the one that was meant is picked and
 * only its errors are reported.
 */
function explain(context: Context, schema: Schema, value: unknown, path: DocumentPath): Fault[] {
  const validate = context.compile(schema, context.definitions);
  if (validate(value)) return [];
  return ownErrors(validate.errors ?? []).flatMap((error) => {
    const at = [...path, ...splitPointer(error.instancePath)];
    if (error.keyword !== "anyOf") return [toFault(error, at)];
    const picked = pickAlternative(error.schema as Schema[], context.definitions, error.data, at);
    return "schema" in picked ? explain(context, picked.schema, error.data, at) : [picked.fault];
  });
}

/** Without the errors that belong to an alternative: those stand below an `anyOf`, in the schema or (by way of $ref) in the value. */
function ownErrors(errors: readonly ErrorObject[]): ErrorObject[] {
  const own = errors.filter((error) => !error.schemaPath.includes("/anyOf/"));
  const alternatives = new Set(own.filter((error) => error.keyword === "anyOf").map((error) => error.instancePath));
  return own.filter((error) => !listAncestors(error.instancePath).some((at) => alternatives.has(at)));
}

function listAncestors(at: string): string[] {
  const slashes = [...at.matchAll(/\//g)].map((match) => match.index);
  return slashes.map((index) => at.slice(0, index));
}

function splitPointer(at: string): string[] {
  return at.split("/").slice(1).map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function toFault({ keyword, params, data, schema, parentSchema, message }: ErrorObject, path: DocumentPath): Fault {
  const label = labelPath(path);
  const parent = (parentSchema ?? {}) as Schema;
  const at = { path, part: "value" } as const;
  switch (keyword) {
    case "additionalProperties": {
      const key = String(params["additionalProperty"]);
      const [form] = Object.keys(parent.patternProperties ?? {});
      const at = { path: [...path, key], part: "key" } as const;
      if (form !== undefined) return { ...at, message: `the key ${quote(key)} is not of the form ${form}` };
      return { ...at, message: `unknown key ${quote(key)}`, hint: suggest(key, Object.keys(parent.properties ?? {})) };
    }
    case "required":
      return { ...at, message: `${path.length === 0 ? "" : `${label}: `}the key ${quote(params["missingProperty"])} is missing` };
    case "type":
      return { ...at, message: `${label} is ${quote(data)}: expected ${describeTypes([parent])}` };
    case "enum":
      return { ...at, message: `${label} is ${quote(data)}`, hint: listAccepted(data, schema as unknown[]) };
    case "const":
      return { ...at, message: `${label} is ${quote(data)}`, hint: listAccepted(data, [schema]) };
    case "minLength":
    case "minItems":
    case "minProperties":
      return { ...at, message: `${label} is empty` };
    case "pattern": {
      const form = `${label} is ${quote(data)}, which is not of the form ${String(schema)}`;
      return parent.description === undefined ? { ...at, message: form } : { ...at, message: form, hint: parent.description };
    }
    default:
      return { ...at, message: `${label} ${message ?? "is not valid"}` };
  }
}
