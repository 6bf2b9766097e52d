import { createServer, type Server } from "node:net";
import { PhoneWeb, SILENT, STATUS_PAGES } from "../../../../../providers/cucm/cluster/transports/phone-web";
import { ADDRESS, live, silent } from "../fakes/setup";
import { WebServer } from "../fakes/web-server";

const [OF_8800, OF_7900, IN_XML] = STATUS_PAGES;
const MD5 = "0c05655de63fe2a042cf252d96c6d609";

let phone: WebServer;
beforeEach(async () => {
  phone = await WebServer.start();
});
afterEach(() => phone.stop());

async function read(changes: { readonly timeoutMs?: number; readonly port?: number } = {}) {
  const web = new PhoneWeb({ port: phone.port, trustListPages: ["/lists"], ...changes }, silent);
  const pages = await web.pages(ADDRESS, live());
  if (pages === "not asked") throw new Error(pages);
  return pages;
}
const serves = (pages: { readonly [path: string]: string }) => {
  phone.answer = ({ path }) => (path in pages ? { body: pages[path] } : { status: 404, body: "No CTL here" });
};

test.each([
  [OF_8800, "<td>[06:34:00 11/29/14] Trust List Updated</td>"],
  [OF_7900, "<b>6:34a Trust List Updated</b>"],
  [IN_XML, "<DeviceLog><status>6:34a Trust List Updated</status></DeviceLog>"],
])("the status page in the forms that are known: %s", async (path, body) => {
  serves({ [path!]: body });
  expect((await read())!.trustMessage).toMatch(/Trust List Updated$/);
});

test("the trust-list page, and no credentials to anybody", async () => {
  serves({ "/lists": `CTL File ${MD5}` });
  expect((await read())!.checksums).toMatchObject({ ctl: MD5 });
  expect(phone.seen.map(({ path }) => path)).toEqual([...STATUS_PAGES, "/lists"]);
  for (const { headers } of phone.seen) {
    expect(headers.authorization).toBeUndefined();
    expect(headers.cookie).toBeUndefined();
  }
});

test("nothing of it on any page: nothing is known, and that is no error", async () => {
  expect(await read()).toEqual({ trustMessage: undefined, checksums: undefined });
});

test("a redirection is not followed", async () => {
  const elsewhere = await WebServer.start();
  phone.answer = () => ({ status: 302, headers: { Location: `http://${ADDRESS}:${elsewhere.port}/` } });
  expect(await read()).toEqual({ trustMessage: undefined, checksums: undefined });
  expect(elsewhere.connections).toBe(0);
  await elsewhere.stop();
});

test("too much, too late, cut off, no web server, no address: not looked at", async () => {
  phone.answer = () => ({ body: Buffer.alloc(300 * 1024, "Trust List Updated ") });
  expect(await read()).toBeNull();
  phone.answer = () => ({ cut: true });
  expect(await read()).toBeNull();
  expect(await read({ port: 1 })).toBeNull();
  const web = new PhoneWeb({ port: phone.port, trustListPages: [] }, silent);
  expect(await web.pages("localhost", live())).toBe("not asked");

  const open: Server = createServer((socket) => {
    socket.on("error", () => {});
    socket.write("HTTP/1.1 200 OK\r\n\r\nTrust List Updated");
  });
  await new Promise<void>((resolve) => open.listen(0, ADDRESS, resolve));
  const { port } = open.address() as { port: number };
  expect(await read({ port, timeoutMs: 100 })).toBeNull();
  open.close();
});

test("where no phone answers, not all of them are asked", async () => {
  const web = new PhoneWeb({ port: phone.port, trustListPages: [] }, silent);
  phone.answer = () => ({ cut: true });
  const all = await Promise.all(Array.from({ length: 4 * SILENT }, () => web.pages(ADDRESS, live())));
  // Those that were under way when it became clear have been asked as well.
  expect(all.filter((one) => one === null)).toHaveLength(phone.connections);
  expect(all.filter((one) => one === "not asked")).toHaveLength(4 * SILENT - phone.connections);
  expect(phone.connections).toBeGreaterThanOrEqual(SILENT);
  expect(phone.connections).toBeLessThan(2 * SILENT);
});

test("a cancelled run ends it", async () => {
  const ending = new AbortController();
  phone.answer = () => new Promise(() => {});
  const reading = new PhoneWeb({ port: phone.port, trustListPages: [] }, silent).pages(
    ADDRESS,
    ending.signal,
  );
  setTimeout(() => ending.abort(), 50);
  await expect(reading).rejects.toMatchObject({ name: "AbortError" });
});
