/** Reads a saved JSON report, to render it again. */
import { refuseOther } from "../documents.ts";
import { HardenError, HardenErrors } from "../errors.ts";
import { openPlaces } from "../json-tree.ts";
import { quote } from "../text.ts";
import { Report } from "./model/report.ts";
import { HOW_TO_MAKE, parseReportJson } from "./report-json.ts";
import { findSchemaFaults } from "./validate.ts";
import { REPORT_VERSION } from "./version.ts";

const MAXIMUM_FAULTS = 5;

/** Throws HardenError with the position for text that is empty, no JSON, no report, of another version, or of another shape. */
export async function parseReport(text: string, file: string): Promise<Report> {
  const document = await parseReportJson(text, file, "report");
  const version = typeof document === "object" && document !== null && "schemaVersion" in document ? document.schemaVersion : undefined;
  if (version === undefined) throw new HardenError("is no report of harden: it has no schemaVersion", { position: { file }, hint: HOW_TO_MAKE });
  if (version !== REPORT_VERSION) {
    throw new HardenError(`the report has schemaVersion ${quote(version)}; this harden reads ${quote(REPORT_VERSION)}`, { position: { file, ...(await openPlaces(text))(["schemaVersion"]) }, hint: "render it with the version of harden that wrote it, or scan again" });
  }
  const faults = await findSchemaFaults(Report, document);
  if (faults.length === 0) return document as Report;
  refuseOther(document, "report", file);
  const locate = await openPlaces(text);
  throw new HardenErrors(faults.slice(0, MAXIMUM_FAULTS).map(({ path, message }) => new HardenError(`the report does not fit its schema: ${message}`, { position: { file, ...locate(path) }, hint: HOW_TO_MAKE })));
}
