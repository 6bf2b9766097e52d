import * as http2 from "node:http2";
import * as net from "node:net";
import { createIdentity } from "../../../../../providers/framework/wire/certificate";
import { type Endpoint, listen } from "../../../../../providers/framework/wire/endpoint";
import { createGrpcServer, type GrpcServer } from "../../../../../providers/framework/wire/grpc/server";
import { held, type Method, unary } from "../../../../../providers/framework/wire/grpc/service";
import { GrpcError, Status } from "../../../../../providers/framework/wire/grpc/status";
import { createLogger } from "../../../../../providers/framework/wire/logger";
import { bytes, message, one } from "../../../../../providers/framework/wire/protobuf/message";
import { call, connect } from "../fixture/grpc-client";

const Blob = message("Blob", { data: one(1, bytes) });
const log = createLogger({ name: "test", env: {} });
const silent = Buffer.alloc(0);

let aborted: Promise<unknown>;
let connections: number[];
const waitForAbort = (signal: AbortSignal): Promise<never> => {
  const reason = new Promise((resolve) => signal.addEventListener("abort", () => resolve(signal.reason)));
  aborted = reason;
  started();
  return reason.then((why) => {
    throw why;
  });
};
let started: () => void;
let hasStarted: Promise<void>;

const routes = new Map<string, Method>([
  ["/t/Echo", unary(Blob, Blob, (request) => request)],
  ["/t/Wait", unary(Blob, Blob, (_, { signal }) => waitForAbort(signal))],
  ["/t/Hold", held],
  [
    "/t/Fail",
    unary(Blob, Blob, () => {
      throw new GrpcError(Status.notFound, "no 100 % ü");
    }),
  ],
  [
    "/t/Bug",
    unary(Blob, Blob, () => {
      throw new TypeError("oops");
    }),
  ],
]);

describe("over plaintext", () => {
  let server: GrpcServer;
  let endpoint: Endpoint;
  let session: http2.ClientHttp2Session;
  let socket: net.Socket;
  const dial = () => {
    socket = net.connect(endpoint.address);
    return socket;
  };

  beforeEach(async () => {
    const seen: number[] = [];
    connections = seen;
    hasStarted = new Promise((resolve) => {
      started = resolve;
    });
    server = createGrpcServer({ routes, log, onConnections: (open) => seen.push(open) });
    endpoint = await listen(server.listener);
    session = await connect({ createConnection: dial });
  });
  afterEach(async () => {
    session.destroy();
    await server.close();
    endpoint.remove();
  });

  test("a call is answered, with its status in the trailers", async () => {
    const request = Blob.encode({ data: Buffer.from("abc") });
    expect(await call(session, "/t/Echo", request)).toEqual({
      httpStatus: 200,
      status: 0,
      message: "",
      body: request,
    });
  });

  test("an empty message is a message", async () => {
    expect(await call(session, "/t/Echo", silent)).toMatchObject({ status: 0, body: silent });
  });

  test("messages of many megabytes pass both ways, several at once", async () => {
    const request = Blob.encode({ data: Buffer.alloc(8 * 1024 * 1024, 1) });
    const replies = await Promise.all(Array.from({ length: 3 }, () => call(session, "/t/Echo", request)));
    for (const { status, body } of replies) {
      expect(status).toBe(0);
      expect(body.equals(request)).toBe(true);
    }
  });

  test("a thousand small calls at once are all answered", async () => {
    const replies = await Promise.all(Array.from({ length: 1000 }, () => call(session, "/t/Echo", silent)));
    expect(replies.every(({ status }) => status === 0)).toBe(true);
  });

  test("a failure has its status and message", async () => {
    expect(await call(session, "/t/Fail", silent)).toMatchObject({ status: 5, message: "no 100 % ü" });
    expect(await call(session, "/t/Bug", silent)).toMatchObject({ status: 2, message: "oops" });
  });

  test("an unknown method is UNIMPLEMENTED, even with a request that goes on", async () => {
    expect(await call(session, "/t/None", Buffer.alloc(1_000_000))).toMatchObject({
      httpStatus: 200,
      status: 12,
    });
  });

  test.each([
    ["a compressed message", ["0100000000"], 12],
    ["a message that is cut off", ["0000000005", "61"], 13],
    ["a length that nobody means", ["00ffffffff"], 8],
    ["no message", [], 13],
    ["two messages", ["0000000000", "0000000000"], 13],
    ["a message that is no protobuf", ["0000000001", "ff"], 13],
    ["garbage", ["deadbeefdeadbeef"], 13],
  ])("%s ends with a status", async (_, hex, status) => {
    const raw = hex.map((text) => Buffer.from(text, "hex"));
    expect(await call(session, "/t/Echo", silent, { raw })).toMatchObject({ httpStatus: 200, status });
    expect(await call(session, "/t/Echo", silent)).toMatchObject({ status: 0 });
  });

  test("what is no gRPC gets an HTTP status", async () => {
    const other = (headers: http2.OutgoingHttpHeaders) =>
      call(session, "/t/Echo", silent, { headers, raw: [] });
    expect(await other({ "content-type": "text/plain" })).toMatchObject({ httpStatus: 415 });
    expect(await other({ ":method": "PUT" })).toMatchObject({ httpStatus: 405 });
    expect(await other({ "grpc-timeout": "soon" })).toMatchObject({ status: 13 });
  });

  test("a deadline aborts the work and ends the call", async () => {
    const reply = await call(session, "/t/Wait", silent, { headers: { "grpc-timeout": "30m" } });
    expect(reply).toMatchObject({ status: 4 });
    expect(await aborted).toMatchObject({ code: Status.deadlineExceeded });
    expect(server.inFlight.size).toBe(0);
  });

  test("a reset by the host aborts the work", async () => {
    const gone = call(session, "/t/Wait", silent, {
      whenSent: (stream) => void hasStarted.then(() => stream.close(http2.constants.NGHTTP2_CANCEL)),
    });
    await gone;
    expect(await aborted).toMatchObject({ code: Status.cancelled });
  });

  test("a host that vanishes aborts the work, and others are still served", async () => {
    const gone = call(session, "/t/Wait", silent).catch(() => undefined);
    await hasStarted;
    socket.destroy();
    expect(await aborted).toBeInstanceOf(Error);
    await gone;
    session = await connect({ createConnection: dial });
    expect(await call(session, "/t/Echo", silent)).toMatchObject({ status: 0 });
  });

  test("abortAll aborts every call and the server goes on", async () => {
    const waiting = call(session, "/t/Wait", silent);
    await hasStarted;
    server.inFlight.abortAll(new Error("stopped"));
    expect(await waiting).toMatchObject({ message: "stopped" });
    expect(await call(session, "/t/Echo", silent)).toMatchObject({ status: 0 });
  });

  test("a held stream stays open and silent until its end", async () => {
    let stream: http2.ClientHttp2Stream | undefined;
    const holding = call(session, "/t/Hold", silent, {
      whenSent: (s) => {
        stream = s;
      },
    });
    const first = await Promise.race([holding, new Promise((resolve) => setTimeout(resolve, 100, "open"))]);
    expect(first).toBe("open");
    stream!.close(http2.constants.NGHTTP2_CANCEL);
    expect(await holding).toMatchObject({ httpStatus: 200, body: silent });
  });

  test("connections without a word, or with a wrong one, harm nobody", async () => {
    for (const word of ["", "GET / HTTP/1.1\r\n\r\n", "\0".repeat(1000)]) {
      await new Promise<void>((resolve) => {
        dial();
        socket.on("error", () => undefined);
        socket.on("close", () => resolve());
        socket.resume();
        socket.end(word);
      });
    }
    expect(await call(session, "/t/Echo", silent)).toMatchObject({ status: 0 });
  });

  test("tells how many connections there are", async () => {
    const second = await connect({ createConnection: dial });
    await call(second, "/t/Echo", silent);
    second.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(connections).toEqual([1, 2, 1]);
  });
});

describe("over TLS", () => {
  const host = createIdentity();
  const identity = createIdentity();
  let server: GrpcServer;
  let endpoint: Endpoint;
  /** How many calls got through. */
  let calls = 0;
  /** What the log says of those that did not get in. */
  const refusals: unknown[] = [];
  const counted = new Map<string, Method>([
    [
      "/t/Echo",
      unary(Blob, Blob, (request) => {
        calls++;
        return request;
      }),
    ],
  ]);
  const serving = async (clientCertificate: string) => {
    const write = (line: string) => {
      const { "@message": said, why } = JSON.parse(line);
      if (said === "refused a client") refusals.push(why);
    };
    const options = { routes: counted, log: createLogger({ name: "test", env: { TF_LOG: "warn" }, write }) };
    const made = createGrpcServer({ ...options, tls: { identity, clientCertificate } });
    return { made, where: await listen(made.listener, { tcp: true }) };
  };

  beforeAll(async () => {
    ({ made: server, where: endpoint } = await serving(host.certificatePem));
  });
  afterAll(() => server.close());
  beforeEach(() => {
    calls = 0;
    refusals.length = 0;
  });

  const connectWith = (options: http2.SecureClientSessionOptions & { readonly authority?: string }) =>
    connect({
      authority: `https://localhost:${endpoint.address.split(":")[1]}`,
      host: "127.0.0.1",
      servername: "localhost",
      ca: identity.certificatePem,
      ...options,
    } as http2.SecureClientSessionOptions & { authority: string });

  test("the host gets in and can verify us as localhost", async () => {
    const session = await connectWith({ key: host.keyPem, cert: host.certificatePem });
    expect(await call(session, "/t/Echo", silent)).toMatchObject({ status: 0 });
    expect({ calls, refusals }).toEqual({ calls: 1, refusals: [] });
    session.destroy();
  });

  // In TLS 1.3 the client hears of the refusal only after its handshake: by the first call at the latest.
  const refused = async (connecting: Promise<http2.ClientHttp2Session>, why: RegExp) => {
    const ended = await connecting.then(
      async (session) => {
        session.on("error", () => undefined);
        const { status } = await call(session, "/t/Echo", silent);
        return status === undefined ? "without an answer" : `with status ${status}`;
      },
      (error: NodeJS.ErrnoException) => error.code,
    );
    expect(["without an answer", "ECONNRESET"]).toContain(ended);
    while (refusals.length === 0) await new Promise(setImmediate);
    expect(refusals).toEqual([expect.stringMatching(why)]);
    expect(calls).toBe(0);
  };

  test("a client without certificate is refused", () =>
    refused(connectWith({}), /^the client has no certificate$/));
  test("a client without certificate is refused with TLS 1.2", () =>
    refused(connectWith({ maxVersion: "TLSv1.2" }), /^the client has no certificate$/));
  test("a client with another certificate is refused", () => {
    const other = createIdentity();
    const connecting = connectWith({ key: other.keyPem, cert: other.certificatePem });
    return refused(connecting, /^the client has another certificate than the host's$/);
  });
  test("the host's own certificate is refused once it has expired", async () => {
    const old = createIdentity(new Date("2001-01-01"));
    const { made, where } = await serving(old.certificatePem);
    const authority = `https://localhost:${where.address.split(":")[1]}`;
    const connecting = connectWith({ authority, key: old.keyPem, cert: old.certificatePem });
    await refused(connecting, /^the host's certificate is not valid now$/);
    await made.close();
  });
  test("a client without TLS is refused", () => {
    const port = Number(endpoint.address.split(":")[1]);
    const connecting = connect({ createConnection: () => net.connect(port, "127.0.0.1") });
    return refused(connecting, /SSL routines:.*:(wrong version number|http request)/);
  });
});
