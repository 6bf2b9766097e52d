import type { AddressInfo } from "node:net";
import { createServer, type Server, type TlsOptions } from "node:tls";
import { MODERN } from "../../../../../providers/cucm/cluster/transports/cryptography";
import { Tvs, type TvsReply } from "../../../../../providers/cucm/cluster/transports/tvs";
import {
  encodeTvsMessage,
  TvsFrameReader,
  type TvsMessage,
  type TvsQueryRequest,
} from "../../../../../trust/tvs-message";
import { authority, identity } from "../fakes/identities";
import { AT, failureOf, live, silent } from "../fakes/setup";

const own = identity("cucm-pub-tvs");
const asked = identity("cucm-dest-pub").certificate;
const phones = authority("CAPF");
const lsc = identity("SEP001122334455", { by: phones });
const rogue = identity("SEP001122334455");

let server: Server;
let requests: TvsQueryRequest[] = [];
let connections = 0;

async function start(
  answer: (request: TvsQueryRequest) => TvsMessage | Buffer | null,
  options: TlsOptions = {},
) {
  server = createServer({ cert: own.cert, key: own.key, ...options }, (socket) => {
    connections++;
    const reader = new TvsFrameReader();
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      for (const message of reader.push(chunk)) {
        requests.push(message as TvsQueryRequest);
        const reply = answer(message as TvsQueryRequest);
        if (reply === null) socket.end();
        else socket.write(Buffer.isBuffer(reply) ? reply : encodeTvsMessage(reply));
      }
    });
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
}
afterEach(async () => {
  requests = [];
  connections = 0;
  await new Promise((resolve) => server.close(resolve));
});

function ask(pins = [own.certificate.sha256], client: { cert: string; key: string } | null = null) {
  const tvs = new Tvs(
    AT,
    { port: (server.address() as AddressInfo).port, cryptography: MODERN, client, timeoutMs: 1000 },
    silent,
  );
  return tvs.ask(asked, pins, live());
}
const known = ({ session }: TvsQueryRequest) =>
  ({
    type: "query-response",
    session,
    reserved: 0xf7,
    status: 0,
    certificate: asked.der,
    roles: [0, 3],
    timeToLive: 86_400,
  }) as const;

it("asks by subject, issuer and serial, and returns certificate and roles", async () => {
  await start(known);
  const answer = await ask();
  expect(answer).toMatchObject({ kind: "vouched", roles: [0, 3], timeToLive: 86_400 });
  expect(answer.kind === "vouched" && answer.certificate.sha256).toBe(asked.sha256);
  expect(requests).toMatchObject([{ subject: asked.subject, issuer: asked.issuer, serial: asked.serial }]);
});

it("tells that a certificate is not known", async () => {
  await start(({ session }) => ({ type: "query-response", session, status: 1 }));
  expect(await ask()).toEqual({ kind: "unknown" });
});

it("asks nothing of a server that shows another certificate than the node's", async () => {
  await start(known);
  const error = await failureOf(ask([asked.sha256]));
  expect(error.kind).toBe("identity");
  expect(error.detail).toContain(own.certificate.sha256);
  expect(requests).toEqual([]);
});

const DEMANDING = { requestCert: true, rejectUnauthorized: true, ca: phones.pem };

it.each(["TLSv1.2", "TLSv1.3"] as const)(
  "says that a TVS demands a client certificate (%s)",
  async (version) => {
    await start(known, { ...DEMANDING, maxVersion: version });
    const error = await failureOf(ask());
    expect(error.kind).toBe("refused");
    expect(error.detail).toContain("This TVS demands a client certificate");
    expect(error.detail).toContain("tvs_client_certificate_file");
  },
);

it.each(["TLSv1.2", "TLSv1.3"] as const)("shows a client certificate (%s)", async (version) => {
  await start(known, { ...DEMANDING, maxVersion: version });
  expect(await ask(undefined, lsc)).toMatchObject({ kind: "vouched" });
});

it.each(["TLSv1.2", "TLSv1.3"] as const)(
  "says that the client certificate is not trusted (%s)",
  async (version) => {
    await start(known, { ...DEMANDING, maxVersion: version });
    const error = await failureOf(ask(undefined, rogue));
    expect(error.kind).toBe("refused");
    expect(error.summary).toContain("refuses our client certificate");
  },
);

it.each([
  ["closes without a word", () => null, "refused"],
  ["speaks something else", () => Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"), "answer"],
  ["answers another session", (request: TvsQueryRequest) => ({ ...known(request), session: 1 }), "answer"],
  [
    "answers another question",
    ({ session }: TvsQueryRequest) => ({ type: "verify-response", session, status: 0 }) as const,
    "answer",
  ],
  [
    "has an unknown status",
    ({ session }: TvsQueryRequest) => ({ type: "query-response", session, status: 9 }) as const,
    "answer",
  ],
  [
    "returns no certificate",
    (request: TvsQueryRequest) => ({ ...known(request), certificate: Buffer.of(1) }),
    "answer",
  ],
  ["stays silent", () => Buffer.alloc(0), "timeout"],
] as const)("gives an error when it %s", async (_, answer, kind) => {
  await start(answer);
  expect((await failureOf(ask())).kind).toBe(kind);
});

it("asks again when it is hung up on once: TVS may be restarting", async () => {
  let hangUps = 1;
  await start((request) => (hangUps-- > 0 ? null : known(request)));
  expect(await ask()).toMatchObject({ kind: "vouched" });
});

describe("several questions", () => {
  const others = [asked, identity("one").certificate, identity("two").certificate];
  async function askEach(exchange: "query" | "verify", timeoutMs = 1000): Promise<TvsReply[]> {
    const { port } = server.address() as AddressInfo;
    const tvs = new Tvs(AT, { port, cryptography: MODERN, client: null, timeoutMs }, silent);
    const replies: TvsReply[] = [];
    for await (const reply of tvs.askEach(exchange, others, [own.certificate.sha256], live()))
      replies.push(reply);
    return replies;
  }
  const kinds = (replies: TvsReply[]) => replies.map(({ answer }) => answer.kind);
  const onlyFirst = (request: TvsQueryRequest): TvsMessage =>
    request.serial === asked.serial
      ? known(request)
      : { type: "query-response", session: request.session, status: 1 };

  it("go over one connection", async () => {
    await start(onlyFirst);
    const replies = await askEach("query");
    expect(kinds(replies)).toEqual(["vouched", "unknown", "unknown"]);
    expect(replies.map(({ connection }) => connection)).toEqual([1, 1, 1]);
    expect(replies[0]!.link).toMatchObject({ protocol: "TLSv1.3", wantsCertificate: false });
    expect(connections).toBe(1);
  });

  it("go over one connection each where the server closes after an answer", async () => {
    await start(onlyFirst);
    server.on("secureConnection", (socket) => socket.once("data", () => setImmediate(() => socket.end())));
    expect(kinds(await askEach("query"))).toEqual(["vouched", "unknown", "unknown"]);
    expect(connections).toBe(3);
  });

  it("go over one connection each where the server ignores a second one", async () => {
    const seen = new Set<number>();
    await start((request) => {
      if (seen.has(connections)) return Buffer.alloc(0);
      seen.add(connections);
      return onlyFirst(request);
    });
    expect(kinds(await askEach("query", 300))).toEqual(["vouched", "unknown", "unknown"]);
    expect(connections).toBe(3);
  });

  it("send the certificate itself in the verify exchange", async () => {
    await start((request) => {
      const { certificate } = request as unknown as { certificate: Buffer };
      const status = certificate.equals(asked.der) ? 0 : 1;
      return {
        type: "verify-response",
        session: request.session,
        status,
        ...(status === 0 ? { roles: [7], timeToLive: 60 } : {}),
        unknown: [{ tag: 99, value: Buffer.of(1) }],
      };
    });
    const replies = await askEach("verify");
    expect(replies[0]!.answer).toMatchObject({ kind: "vouched", roles: [7], timeToLive: 60 });
    expect(kinds(replies)).toEqual(["vouched", "unknown", "unknown"]);
    expect(replies[1]!.unknown).toEqual([{ tag: 99, value: Buffer.of(1) }]);
    expect(requests.map(({ type }) => type as string)).toEqual(Array(3).fill("verify-request"));
  });
});

it("does not blame a client certificate that was never asked for", async () => {
  await start(() => null);
  expect((await failureOf(ask())).detail).toContain("has not asked for a client certificate");
});

it("says that no cipher is common, and what lets old ones in", async () => {
  await start(known, { maxVersion: "TLSv1.2", ciphers: "ECDHE-RSA-AES128-SHA", ecdhCurve: "sect571r1" });
  const error = await failureOf(ask());
  expect(error.summary).toBe(`No TLS with TVS (TCP ${(server.address() as AddressInfo).port}) of 127.0.0.1`);
  expect(error.detail).toContain("before a client certificate was asked for");
});

it("says that nothing listens", async () => {
  await start(known);
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const tvs = new Tvs(AT, { port, cryptography: MODERN, client: null, timeoutMs: 1000 }, silent);
  const error = await failureOf(tvs.ask(asked, [own.certificate.sha256], live()));
  expect(error.kind).toBe("unreachable");
  await start(known);
});
