/** The files that phones fetch, and TVS. */
import { isSigner, modulusCodeOf } from "../../../../trust/file-header";
import { parseSignedFile, verifySignedFile } from "../../../../trust/signed-file";
import { FormatError } from "../../../../trust/tlv";
import {
  MAX_TRUST_LIST_BYTES,
  parseTrustList,
  type TrustList,
  verifyTrustList,
} from "../../../../trust/trust-list";
import { ClusterError, type ClusterNode } from "../../cluster/cluster";
import { type Check, deviates, holds, notTried, type Result, TO_FIND, unknown } from "../check";
import { type Patient, reasonOf } from "../patient";

const LISTS = ["CTLFile.tlv", "ITLFile.tlv"] as const;
const SIGNED = "SPDefault.cnf.xml.sgn";

interface Served {
  readonly name: string;
  readonly list: TrustList;
}

/** Those that are served and can be read; a list that cannot is told by *Fields* alone. */
async function listsOf(patient: Patient, node: ClusterNode): Promise<readonly Served[]> {
  const files = await Promise.all(
    LISTS.map(async (name) => ({ name, bytes: await patient.served(node, name) })),
  );
  return files.flatMap(({ name, bytes }) => {
    if (bytes === null) return [];
    try {
      return [{ name, list: parseTrustList(bytes, { maxBytes: bytes.length }) }];
    } catch (error) {
      if (error instanceof FormatError) return [];
      throw error;
    }
  });
}

/** One fact that all lists of a TFTP node must share; `seen` is what was seen where none is odd. */
const fact = (
  assumption: string,
  seen: string | ((list: TrustList) => string),
  odd: (served: Served) => string | null,
): Check => ({
  assumption,
  where: "tftp",
  run: async (patient, node) => {
    const lists = await listsOf(patient, node);
    if (lists.length === 0) return notTried("no list was read");
    const found = lists.flatMap((one) => {
      const what = odd(one);
      return what === null ? [] : [`${one.name}: ${what}`];
    });
    if (found.length > 0) return deviates(found.join("; "));
    if (typeof seen === "string") return holds(seen);
    return holds([...new Set(lists.map(({ list }) => seen(list)))].join("; "));
  },
});

const LIST_FACTS: readonly Check[] = [
  {
    assumption: "Fields",
    where: "tftp",
    run: async (patient, node) => {
      const odd: string[] = [];
      for (const name of LISTS) {
        const bytes = await patient.served(node, name);
        if (bytes === null) continue;
        try {
          const { unknown: fields, records } = parseTrustList(bytes, { maxBytes: bytes.length });
          const tags = [fields, ...records.map((one) => one.unknown)].flat().map(({ tag }) => tag);
          if (tags.length > 0)
            odd.push(`${name} has fields of unknown tags ${[...new Set(tags)].join(", ")}`);
        } catch (error) {
          if (!(error instanceof FormatError)) throw error;
          odd.push(
            `${name} is not understood at byte ${error.offset}: expected ${error.expected}, found ${error.found}`,
          );
        }
      }
      return odd.length === 0 ? holds("every byte of the lists is understood") : deviates(odd.join("; "));
    },
  },
  fact("The header decides", "the list's own record of its signer is there", ({ list }) =>
    list.records.some((record) => isSigner(list.signer, record)) ? null : "its signer has no record",
  ),
  fact("Padding", "headers are padded to a multiple of 4", ({ list }) =>
    list.headerLength % 4 === 0 ? null : `a header of ${list.headerLength} bytes`,
  ),
  fact("Number of the signature algorithm", "0", ({ list }) =>
    list.signatureAlgorithm === 0 ? null : `it is ${list.signatureAlgorithm}`,
  ),
  fact("Size code of the signature", sizeCode, ({ list }) => {
    const expected = modulusCodeOf(list.signature.length);
    return expected === undefined || expected === list.modulusCode ? null : sizeCode(list);
  }),
  fact(
    "Digests",
    (list) =>
      `${list.digest}, ${signedByRecord(list) === null ? "and no record to check it with" : "by which the signature holds"}`,
    ({ list }) =>
      signedByRecord(list) === false ? `${list.digest}, by which the signature does not hold` : null,
  ),
  fact(
    "What is signed",
    (list) =>
      signedByRecord(list) === null
        ? "no record has the key to check the signature with"
        : "the signature holds with the key of the signer's record",
    ({ list }) =>
      signedByRecord(list) === false
        ? "the signature does not hold with the key of the signer's record"
        : null,
  ),
  fact("Size", `below ${MAX_TRUST_LIST_BYTES} bytes`, ({ list }) =>
    list.bytes.length <= MAX_TRUST_LIST_BYTES ? null : `${list.bytes.length} bytes`,
  ),
  fact("Names", "records spell names as we do", ({ list }) => {
    const odd = list.records.find(
      ({ certificate, subject, issuer }) =>
        certificate !== undefined && (certificate.subject !== subject || certificate.issuer !== issuer),
    );
    if (odd?.certificate === undefined) return null;
    return `a record has ${odd.subject} issued by ${odd.issuer}, where we write ${odd.certificate.subject} issued by ${odd.certificate.issuer}`;
  }),
];

function sizeCode({ modulusCode, signature }: TrustList): string {
  const unknownSize = modulusCodeOf(signature.length) === undefined ? ", a size without a known code" : "";
  return `${modulusCode} for ${signature.length} bytes${unknownSize}`;
}

/** Null where no record has the signer's key. */
function signedByRecord(list: TrustList): boolean | null {
  const key = list.records.find((record) => isSigner(list.signer, record))?.publicKey;
  return key === undefined ? null : verifyTrustList(list, key);
}

async function servedToAnybody(patient: Patient, node: ClusterNode): Promise<Result> {
  const names = [...LISTS, SIGNED];
  const served = await Promise.all(names.map((name) => patient.served(node, name)));
  const missing = names.filter((_, i) => served[i] === null);
  if (missing.includes("ITLFile.tlv")) return unknown(`not served: ${missing.join(", ")}`);
  if (missing.includes("CTLFile.tlv")) {
    // Only whether a CTL has to be there takes credentials.
    const mode = await patient.securityMode().catch(() => null);
    if (mode === null)
      return unknown(`not served: ${missing.join(", ")}; whether the cluster is in mixed mode was not read`);
    if (mode !== "0") return unknown(`not served: ${missing.join(", ")}`);
  }
  const signed = served[2];
  if (!signed) return holds(`the lists are served; ${SIGNED} is not, which may be`);
  try {
    const file = parseSignedFile(signed);
    const own = await patient.identity(node, "CallManager").catch(() => null);
    const by = own === null ? null : verifySignedFile(file, own);
    return holds(
      `${missing.length === 0 ? "all three are" : "ITL and configuration are"} served${by === false ? `; ${SIGNED} is not signed by the node's own CallManager` : ""}`,
    );
  } catch (error) {
    if (error instanceof FormatError) return deviates(`${SIGNED} is not understood at byte ${error.offset}`);
    throw error;
  }
}

const asked = (assumption: string, about: string): Check => ({
  assumption,
  where: "tvs",
  run: async (patient, node) => {
    const answer = await patient.vouching(node);
    if (answer === null) return notTried("Phone-SAST-trust is empty: there is nothing to ask about");
    if (answer.kind === "vouched") return holds(about);
    return deviates("TVS does not know a certificate that its own node has in Phone-SAST-trust");
  },
});

const TVS: readonly Check[] = [
  {
    assumption: "Messages",
    where: "tvs",
    run: async (patient, node) =>
      (await patient.vouching(node)) === null
        ? notTried("Phone-SAST-trust is empty: there is nothing to ask about")
        : holds("the answer is understood"),
  },
  asked("TVS tags 4 and 5", "TVS knows a certificate of its own node's Phone-SAST-trust"),
  asked("Issuer as it is written", "TVS finds it by the issuer as lists write it"),
  {
    assumption: "The store that makes TVS vouch",
    where: "tvs",
    run: async (patient, node) => {
      const answer = await patient.vouching(node);
      if (answer?.kind !== "vouched") return notTried("TVS vouched for nothing that could be looked at");
      return answer.roles.includes(0) && answer.roles.includes(3)
        ? holds(`a certificate of Phone-SAST-trust has roles ${answer.roles.join(", ")}`)
        : deviates(`a certificate of Phone-SAST-trust has roles ${answer.roles.join(", ") || "none"}`);
    },
  },
  {
    assumption: "Client certificate",
    where: "tvs",
    run: async (patient, node) => {
      const own = patient.config.tvsClient !== null;
      try {
        if ((await patient.vouching(node)) === null) return notTried("there is nothing to ask about");
        return holds(
          own ? "TVS answers us; a client certificate is configured" : "TVS answers a client without one",
        );
      } catch (error) {
        const reason = reasonOf(error);
        if (!own && /client (without a )?certificate/i.test(reason))
          return deviates(reason, { tvs_client_certificate_file: TO_FIND, tvs_client_key_file: TO_FIND });
        return unknown(reason);
      }
    },
  },
  {
    assumption: "Its own certificate",
    where: "tvs",
    run: async (patient, node) => {
      try {
        if ((await patient.vouching(node)) === null) return notTried("there is nothing to ask about");
        return holds(
          (await patient.showsTvsCertificate(node))
            ? "it shows the node's TVS certificate"
            : "it shows a pinned certificate, which is not the node's TVS certificate",
        );
      } catch (error) {
        // The node proves itself on other ports before, and who fails there says nothing of TVS.
        const ofTvs =
          error instanceof ClusterError && error.kind === "identity" && /\bTVS\b/.test(error.summary);
        if (ofTvs) return deviates(reasonOf(error));
        throw error;
      }
    },
  },
];

export const FILES: readonly Check[] = [
  { assumption: "Files without credentials", where: "tftp", run: servedToAnybody },
  ...LIST_FACTS,
  ...TVS,
];
