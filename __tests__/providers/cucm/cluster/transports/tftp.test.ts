import { Tftp } from "../../../../../providers/cucm/cluster/transports/tftp";
import { AT, failureOf, live, silent } from "../fakes/setup";
import { WebServer } from "../fakes/web-server";

let web: WebServer;
let tftp: Tftp;
beforeEach(async () => {
  web = await WebServer.start();
  tftp = new Tftp(AT, web.port, 3000, silent);
});
afterEach(async () => {
  tftp.close();
  await web.stop();
});

it("brings a file byte for byte, and null for what is not there", async () => {
  const bytes = Buffer.from([1, 0, 2, 1, 2, 0xff]);
  web.answer = ({ path }) => (path === "/CTLFile.tlv" ? { body: bytes } : { status: 404 });
  expect(await tftp.file("CTLFile.tlv", live())).toEqual(bytes);
  expect(await tftp.file("ITLFile.tlv", live())).toBeNull();
  expect(web.seen.every(({ method, headers }) => method === "GET" && !headers.authorization)).toBe(true);
});

it("asks again while a proxy TFTP searches", async () => {
  let searching = 1;
  web.answer = () => (searching-- > 0 ? { status: 503 } : { body: "x" });
  expect(await tftp.file("CTLFile.tlv", live())).toEqual(Buffer.from("x"));
});

it("does not let a name leave its folder", async () => {
  await tftp.file("../a b?c", live());
  expect(web.seen[0]!.path).toBe("/..%2Fa%20b%3Fc");
});

it("refuses a file that is too large, and any other answer", async () => {
  web.answer = () => ({ body: Buffer.alloc(1024 * 1024 + 1) });
  expect(await failureOf(tftp.file("a", live()))).toMatchObject({ kind: "answer" });
  web.answer = () => ({ status: 302, headers: { Location: "http://elsewhere/" } });
  expect((await failureOf(tftp.file("a", live()))).detail).toContain("HTTP 302");
});

it("says that nothing listens", async () => {
  await web.stop();
  const error = await failureOf(tftp.file("a", live()));
  expect(error.kind).toBe("unreachable");
  expect(error.summary).toMatch(/TFTP over HTTP \(TCP \d+\) of 127\.0\.0\.1/);
});
