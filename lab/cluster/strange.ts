/**
 * Spellings that a release could have and that nobody would think of: no error proposes them, so that what an error says
 * of the setting has to be enough. Taken only where they are asked for ({@link LabOptions.strange}).
 */
import { randomInt } from "node:crypto";
import type { SiteCluster } from "../site";

type Spellings = SiteCluster["spellings"];

const STRANGE: readonly ((spellings: Spellings) => Partial<Spellings>)[] = [
  ({ importUnit }) => ({ importUnit: { ...importUnit, "Phone-SAST-trust": "SAST" } }),
  ({ importUnit }) => ({ importUnit: { ...importUnit, "CAPF-trust": "capf-trust-store" } }),
  ({ restService }) => ({ restService: { ...restService, "CallManager-trust": "callmanager-trust" } }),
  () => ({ deleteCommand: "set cert delete trust {file} {store}" }),
  () => ({ rollbackParameter: "PrepareClusterForRollbackToPre80" }),
  ({ webForms }) => ({
    webForms: { ...webForms, listPath: "/cmplatform/certificates.do?pageNumber={page}" },
  }),
  ({ webForms }) => ({ webForms: { ...webForms, uploadPath: "/cmplatform/uploadCertificate.do" } }),
  ({ webForms }) => ({ webForms: { ...webForms, storeField: "PURPOSE", fileField: "CERTIFICATE" } }),
];

/** About half of them. */
export function strangely(usual: Spellings): Spellings {
  let spellings = usual;
  for (const change of STRANGE) if (randomInt(2) === 1) spellings = { ...spellings, ...change(spellings) };
  return spellings;
}
