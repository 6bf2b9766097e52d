import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DhcpErrorKind } from "../../../../../providers/dhcp/backends/backend";
import type { HttpSecurity } from "../../../../../providers/dhcp/backends/kea/http-transport";
import { DESTINATION, keaOn, NO_SECURITY, op, SCOPE, SOURCE } from "../../support/backend";
import { configuration, entry, type FakeKea, type FakeOptions } from "../../support/fake-kea";
import { type Issued, issued } from "../../support/issued";
import { startKea } from "../../support/started-kea";

const kea = (options: FakeOptions) => startKea(configuration([entry(SOURCE.join(", "))]), options);

const on = (server: FakeKea | string, security: Partial<HttpSecurity> = {}) =>
  keaOn([server], { security: { ...NO_SECURITY, ...security } });
const fails = async (work: Promise<unknown>, kind: DhcpErrorKind, text: RegExp) => {
  const error = await work.then(
    () => null,
    (e) => e,
  );
  expect(error).toMatchObject({ name: "DhcpError", kind });
  expect(error.message).toMatch(text);
  expect(error.message).not.toMatch(/s3cret/);
};
const read = (server: FakeKea | string, security?: Partial<HttpSecurity>) =>
  on(server, security).read(SCOPE, op());

describe("http to this machine", () => {
  test("commands name the service, answers are lists; a move works", async () => {
    const server = await kea({ transport: "http", version: "3.0.4" });
    const change = { answer: DESTINATION, expected: [SOURCE], unsaved: "undo" } as const;
    const reading = await on(server).apply(SCOPE, change, op());
    expect(reading.answer).toEqual(DESTINATION);
  });

  test("basic authentication", async () => {
    const basic = { username: "admin", password: "s3cret" };
    const server = await kea({ transport: "http", basic });
    expect((await read(server, { basic })).answer).toEqual(SOURCE);
    await fails(read(server), "credentials", /HTTP 401.*username_env and password_env/);
    await fails(read(server, { basic: { ...basic, password: "wrong-s3cret" } }), "credentials", /HTTP 401/);
  });

  test("an agent whose server is away: cannot be reached, so that a plan goes on with what was known", async () => {
    const server = await kea({ transport: "http" });
    server.instead = () => ({ result: 1, text: "unable to forward" });
    await fails(read(server), "unreachable", /result 1: unable to forward\. The control agent answers/);
    server.instead = (name) => (name === "config-get" ? { result: 1, text: "not now" } : undefined);
    await fails(read(server), "refused", /refuses config-get.*not now/s);
  });

  test("something that is no Kea", async () => {
    const server = await kea({ transport: "http" });
    server.instead = () => ({ result: 0, arguments: '{ "Dhcp6": { "password": "s3cret" } }' });
    await fails(read(server), "answer", /not a Kea DHCPv4 server/);
  });
});

describe("https", () => {
  let ca: Issued;
  let server: Issued;
  let client: Issued;
  beforeAll(() => {
    ca = issued("CA");
    server = issued("kea", ca);
    client = issued("client", ca);
  });
  const secure = (more: object = {}) =>
    kea({ transport: "https", tls: { cert: server.pem, key: server.key, ...more } });

  test("a pin is enough, whoever signed", async () => {
    expect((await read(await secure(), { tlsSha256: [server.sha256] })).answer).toEqual(SOURCE);
  });
  test("another certificate than the pinned one is told, and no command is sent to it", async () => {
    const stranger = await secure();
    await fails(read(stranger, { tlsSha256: [client.sha256] }), "identity", new RegExp(server.sha256));
    expect(stranger.commands).toEqual([]);
  });
  test("a CA", async () => {
    const server = await secure();
    const named = server.endpoint.replace("127.0.0.1", "localhost");
    expect((await read(named, { caPem: ca.pem })).answer).toEqual(SOURCE);
    // The certificate does not speak of this address.
    await fails(read(server, { caPem: ca.pem }), "identity", /for this host name.*ALTNAME/);
  });
  test("signed by another CA", async () => {
    const other = issued("CA");
    const stranger = await secure();
    await fails(read(stranger, { caPem: other.pem }), "identity", /does not verify against ca_pem/);
    expect(stranger.commands).toEqual([]);
  });
  test("a pin goes before a CA: a good signature does not replace it", async () => {
    await fails(
      read(await secure(), { caPem: ca.pem, tlsSha256: ["00".repeat(32)] }),
      "identity",
      /tls_sha256/,
    );
  });
  test("neither pin nor CA: refused without a connection", async () => {
    await expect(async () => read(await secure())).rejects.toThrow(/no way to go without/);
  });
  test("a server that demands a client certificate", async () => {
    const demanding = await secure({ requestCert: true, rejectUnauthorized: true, ca: ca.pem });
    const security = { tlsSha256: [server.sha256] };
    await fails(read(demanding, security), "credentials", /client_certificate_file/);
    const clientCertificate = { cert: client.pem, key: client.key };
    expect((await read(demanding, { ...security, clientCertificate })).answer).toEqual(SOURCE);
  });
});

describe("endpoints", () => {
  test.each([
    ["http://10.1.0.5:8000", /to this machine only/],
    ["http://kea.example:8000", /to this machine only/],
    ["http://127.0.0.1.example:8000", /to this machine only/],
    ["https://admin:s3cret@10.1.0.5:8004", /do not belong into an endpoint/],
    ["ftp://10.1.0.5", /not known/],
    ["/run/kea/socket", /Write unix/],
    ["unix://run/kea", /absolute path/],
  ])("%s is refused", (endpoint, why) => {
    const make = () => on(endpoint, { tlsSha256: ["00".repeat(32)] });
    expect(make).toThrow(why);
    expect(make).not.toThrow(/s3cret/);
  });
});

describe("a unix socket", () => {
  let folder: string;
  let server: Server | undefined;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "u-"));
  });
  afterEach(async () => {
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(null)));
    rmSync(folder, { recursive: true });
  });
  const answering = async (answer: (write: (text: string) => void, end: () => void) => void) => {
    server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on("error", () => {});
      socket.on("end", () => socket.destroy());
      socket.once("data", () =>
        answer(
          (text) => socket.write(text),
          () => socket.end(),
        ),
      );
    });
    await new Promise<void>((resolve) => server!.listen(join(folder, "s"), resolve));
    return `unix://${join(folder, "s")}`;
  };

  test("that is not there", () =>
    fails(read(`unix://${folder}/none`), "unreachable", /no such socket.*ENOENT/));
  test("that closes without a word", async () =>
    fails(read(await answering((_, end) => end())), "unreachable", /connection failed/));
  test("that talks nonsense, which is not repeated", async () =>
    fails(
      read(
        await answering((write, end) => {
          write("password s3cret");
          end();
        }),
      ),
      "answer",
      /does not answer like Kea/,
    ));
  test("an answer in pieces, with bytes that are no UTF-8", async () => {
    const text = configuration([entry(SOURCE.join(","))]).replace("db-user", "\u00fc\u00ff");
    const answer = `{ "arguments": ${text}, "result": 0 }`;
    const endpoint = await answering((write, end) => {
      write(answer.slice(0, 100));
      setTimeout(() => {
        write(answer.slice(100));
        end();
      }, 20);
    });
    expect((await read(endpoint)).answer).toEqual(SOURCE);
  });
  test("cancelled while it waits", async () => {
    const endpoint = await answering(() => {});
    const controller = new AbortController();
    const reading = on(endpoint).read(SCOPE, { signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await fails(reading, "cancelled", /cancelled/);
  });
});
