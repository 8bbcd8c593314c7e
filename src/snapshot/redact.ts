/**
 * The one redactor. Nothing that looks like a credential, by name or by shape, leaves a collector: in its place stands a marker with
 * the rule that matched. Policies judge the marker. Redacting twice changes nothing.
 */
export { redactAnswer } from "./redact/answer.ts";
export { redactCommand, redactScript } from "./redact/command.ts";
export { redactDaemonText } from "./redact/configuration.ts";
export { credentialRule } from "./redact/marker.ts";
export { redactText } from "./redact/text.ts";
export { redactEntry, redactValue } from "./redact/value.ts";
