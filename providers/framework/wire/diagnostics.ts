import type { Diagnostic } from "../diagnostic";
import { decodePath, encodePath } from "./attribute-path";
import type { Draft, MessageOf } from "./protobuf/message";
import { type DiagnosticMessage, Severity } from "./tfplugin6";

type DiagnosticFields = MessageOf<typeof DiagnosticMessage>;

export const encodeDiagnostic = ({
  severity,
  summary,
  detail,
  path,
}: Diagnostic): Draft<DiagnosticFields> => ({
  severity: Severity[severity],
  summary,
  detail,
  attribute: path === undefined || path.length === 0 ? undefined : encodePath(path),
});

export const decodeDiagnostic = (fields: DiagnosticFields): Diagnostic => ({
  severity: fields.severity === Severity.warning ? "warning" : "error",
  summary: fields.summary,
  detail: fields.detail,
  ...(fields.attribute === undefined ? {} : { path: decodePath(fields.attribute) }),
});
