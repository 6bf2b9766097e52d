import type { LabCluster } from "../../../lab/cluster/cluster";
import type { LabNode } from "../../../lab/cluster/node";
import { OsAdministration } from "../../../lab/cluster/servers/os-administration";
import type { PlatformRequest } from "../../../lab/cluster/servers/platform";

const FORMS = {
  listPath: "/cmplatform/certificates.do?pageNumber={page}",
  uploadPath: "/cmplatform/new.do",
  storeField: "PURPOSE",
  fileField: "CERTIFICATE",
};

function pages(webForms: object) {
  const cluster = { drawn: { spellings: { webForms }, web: { list: "file names", rows: 10 } } };
  const node = { address: "127.0.0.1", units: () => [], entries: () => new Map() };
  const site = new OsAdministration(cluster as unknown as LabCluster, node as unknown as LabNode, () => true);
  const ask = (method: string, path: string, jar: string) =>
    site.answer({
      method,
      url: new URL(`https://127.0.0.1${path}`),
      headers: { cookie: jar },
      body: "",
    } as unknown as PlatformRequest);
  const cookieOf = ({ headers }: ReturnType<typeof ask>) =>
    /JSESSIONID=[0-9A-F]+/.exec(JSON.stringify(headers))![0];
  const jar = cookieOf(ask("POST", "/cmplatform/j_security_check", cookieOf(ask("GET", "/cmplatform/", ""))));
  return (path: string) => ask("GET", path, jar);
}

test("pages and fields have the names that were drawn, and no others", () => {
  const get = pages(FORMS);
  expect(get("/cmplatform/certificates.do?pageNumber=1").status).toBe(200);
  expect(get("/cmplatform/certificateFindList.do").status).toBe(404);
  const { body } = get("/cmplatform/new.do");
  expect(body).toContain('<select id="PURPOSE" name="PURPOSE">');
  expect(body).toContain('<input type="file" id="CERTIFICATE" name="CERTIFICATE">');
  expect(body).toContain('action="/cmplatform/new.do"');
});

test("without a draw they are the usual ones", () => {
  const get = pages({});
  expect(get("/cmplatform/certificateFindList.do").status).toBe(200);
  expect(get("/cmplatform/certificateUpload.do").body).toContain('name="FILE"');
});
