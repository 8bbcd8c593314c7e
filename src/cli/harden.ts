/** The entry of the bundle. */
import { main } from "./main.ts";

void main(process.argv.slice(2));
