import { type Row, rolesOf, serialHex } from "../stores";
import { type AxlOperation, matches, object, page } from "./axl-answer";
import { notFound } from "./axl-nodes";
import { child, element, textOf } from "./soap";

const ROLE_NAMES: { readonly [role: number]: string } = {
  0: "SAST",
  2: "CallManagerTFTP",
  3: "TFTP",
  4: "CAPF",
  7: "ApplicationServer",
  21: "AuthenticationAuthorization",
};

/** The database's view of what TVS vouches for (AXL schema since 8.5). Read only. */
export const CERTIFICATE_OPERATIONS: { readonly [name: string]: AxlOperation } = {
  listTvsCertificate: (request, { cluster }) => {
    const criteria = child(request, "searchCriteria");
    const found = [...cluster.publisher.rows.values()].filter(
      ({ certificate }) =>
        matches(textOf(criteria, "subjectName"), certificate.subject) &&
        matches(textOf(criteria, "issuerName"), certificate.issuer) &&
        matches(textOf(criteria, "serialNumber"), serialHex(certificate)),
    );
    const tags = child(request, "returnedTags");
    return page(found, request)
      .map((row) => object("tvsCertificate", row.pkid, fields(row), tags))
      .join("");
  },

  getTvsCertificate: (request, { cluster }) => {
    const uuid = textOf(request, "uuid").replace(/[{}]/g, "").toLowerCase();
    const serial = textOf(request, "serialNumber").toLowerCase();
    const issuer = textOf(request, "issuerName");
    const row = [...cluster.publisher.rows.values()].find((one) =>
      uuid !== ""
        ? one.pkid === uuid
        : serialHex(one.certificate) === serial && one.certificate.issuer === issuer,
    );
    if (row === undefined) throw notFound(uuid || serial);
    const roles = rolesOf(row).map(
      (role) => `<role>${element("roleName", ROLE_NAMES[role] ?? String(role))}</role>`,
    );
    const services = [...row.services].map((name) => `<service>${element("serviceName", name)}</service>`);
    return object("tvsCertificate", row.pkid, fields(row), undefined).replace(
      "</tvsCertificate>",
      `<roles>${roles.join("")}</roles><services>${services.join("")}</services></tvsCertificate>`,
    );
  },
};

function fields({ certificate }: Row) {
  return {
    subjectName: certificate.subject,
    issuerName: certificate.issuer,
    serialNumber: serialHex(certificate),
    timeToLive: null,
    ipv4Address: null,
    ipv6Address: null,
  };
}
