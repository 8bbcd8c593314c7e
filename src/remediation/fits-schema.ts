/** Whether a value fits a JSON Schema, in a file of its own so that the bundle takes of TypeBox only what this needs. */
import { Check } from "typebox/schema";

/** Goes through schema and value at once: up to a megabyte that takes less than Ajv's compiling of a plan's schema. Says no more than yes or no. */
export function fitsSchema(schema: object, value: unknown): boolean {
  return Check(schema, value);
}
