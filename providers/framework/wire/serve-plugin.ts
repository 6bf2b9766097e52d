import { closeSync, openSync, writeSync } from "node:fs";
import type { Logger } from "../define";
import type { ServedProvider } from "../server/provider-server";
import { Stopped } from "../server/thrown";
import { createIdentity } from "./certificate";
import { listen } from "./endpoint";
import { goPluginServices } from "./go-plugin-services";
import { createGrpcServer } from "./grpc/server";
import { type HandshakeRequest, handshakeLine, PROTOCOL_VERSION, readHandshake } from "./handshake";
import { createLogger, redirectConsole } from "./logger";
import { createExits } from "./process/exit";
import { keepYoungHeapSmall } from "./process/memory";
import { watchForOrphaning } from "./process/orphan";
import { handleSignals, reportStrayErrors } from "./process/signals";
import { providerService } from "./provider-service";

/**
 * A provider as go-plugin's host starts it: handshake, TLS, the calls, and an end in good order. Started by hand,
 * it says what it is and ends with status 1.
 *
 * @param create makes the server, once a host is known to be there.
 */
export function servePlugin(name: string, create: (log: Logger) => ServedProvider): void {
  const request = readHandshake(process.env);
  if (request === undefined) {
    process.stderr.write(
      `This is the Terraform provider ${name}. It is not run by hand: terraform or tofu starts it.\n`,
    );
    process.exitCode = 1;
    return;
  }
  const log = createLogger({ name });
  redirectConsole(log);
  run(request, log, create).catch((error: unknown) => {
    const message = `${name} cannot be served: ${error instanceof Error ? error.message : error}`;
    log.error(message);
    try {
      // Instead of the handshake: what the host does not recognise there, it shows to the user.
      writeSync(1, `${message.replace(/\s+/g, " ")}\n`);
    } finally {
      // Also when nobody reads: the host has ended.
      process.exit(1);
    }
  });
}

async function run(
  request: HandshakeRequest,
  plainLog: Logger,
  create: (log: Logger) => ServedProvider,
): Promise<void> {
  const server = create(plainLog);
  // What belongs to no call may hold what any call was told as sensitive.
  const { log } = server;
  redirectConsole(log);
  const { clientCertificate } = request;
  const identity = clientCertificate === undefined ? undefined : createIdentity();
  const exits = createExits(() => grpc.inFlight, log);
  const orphan = watchForOrphaning((why) => exits.abort(new Stopped(why, { ending: true }), 1));
  handleSignals(exits.abort);
  reportStrayErrors(log, exits.abort, (reason) => grpc.inFlight.abortAll(reason));

  const grpc = createGrpcServer({
    log,
    tls: identity && clientCertificate !== undefined ? { identity, clientCertificate } : undefined,
    routes: new Map([
      ...providerService(server, {
        log,
        stop: () => grpc.inFlight.abortAll(new Stopped("the run was stopped")),
      }),
      ...goPluginServices(exits.shutdown),
    ]),
    onConnections: (open) => {
      exits.connections(open);
      orphan.connections(open);
    },
  });
  const endpoint = await listen(grpc.listener, request);
  process.on("exit", endpoint.remove);
  if (!request.protocolAgreed) log.error("the host does not speak our protocol", { ours: PROTOCOL_VERSION });
  // Not through process.stdout, whose set-up takes a millisecond and whose writes may come late.
  writeSync(1, handshakeLine(endpoint, identity?.certificateDer, request.multiplex));
  endStdout();
  await grpc.load();
  await keepYoungHeapSmall();
}

/**
 * The host wants one line from stdout. Ended now, it reaches its end at once; ended with the process, the host
 * may see a closed pipe first and logs an error (go-plugin, `client.go`). What is written later goes nowhere.
 */
function endStdout(): void {
  if (process.platform === "win32") return;
  closeSync(1);
  // The lowest free descriptor is taken: 1 again.
  openSync("/dev/null", "w");
}
