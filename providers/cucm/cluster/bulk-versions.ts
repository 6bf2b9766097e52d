/** Whether one release can import what another one exported (CSCuy43181). Pure. */

/** PKCS12 files made by this release or a later one cannot be imported by an earlier one. */
const TURNING_POINT = "10.5.2.13900";

/** null when it is no version such as `10.5.2.11900-3`. */
function parts(version: string): readonly number[] | null {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?:-\d+)?$/.exec(version.trim());
  return match ? match.slice(1).map(Number) : null;
}

/** Negative: `a` is the earlier release. Builds (behind the dash) are not compared. null: one is no version. */
export function compareVersions(a: string, b: string): number | null {
  const [left, right] = [parts(a), parts(b)];
  if (left === null || right === null) return null;
  const at = left.findIndex((number, i) => number !== right[i]);
  return at === -1 ? 0 : left[at]! - right[at]!;
}

/** Why the bulk exchange is not possible, in a sentence; null when it is. */
export function bulkProblem(importer: string, exporter: string): string | null {
  const [before, since] = [
    compareVersions(importer, TURNING_POINT),
    compareVersions(exporter, TURNING_POINT),
  ];
  if (before === null || since === null)
    return `"${before === null ? importer : exporter}" is no version that can be compared, and some pairs of versions cannot exchange certificates in bulk (Cisco bug CSCuy43181).`;
  if (before >= 0 || since < 0) return null;
  return `Certificates that ${exporter} exports cannot be imported by ${importer}: releases before ${TURNING_POINT} do not read the files of later ones (Cisco bug CSCuy43181).`;
}
