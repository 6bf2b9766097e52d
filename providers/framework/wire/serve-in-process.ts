import type { Logger } from "../define";
import type { ProviderServer } from "../server/provider-server";
import { Stopped } from "../server/thrown";
import { listen } from "./endpoint";
import { goPluginServices } from "./go-plugin-services";
import { createGrpcServer } from "./grpc/server";
import { PROTOCOL_VERSION } from "./handshake";
import { createLogger } from "./logger";
import { providerService } from "./provider-service";

/** One entry of TF_REATTACH_PROVIDERS. */
export interface Reattach {
  readonly Protocol: "grpc";
  readonly ProtocolVersion: number;
  readonly Pid: number;
  /** The host leaves us running when it is done. */
  readonly Test: true;
  readonly Addr: { readonly Network: string; readonly String: string };
}

export interface ReattachedProvider {
  readonly reattach: Reattach;
  close(): Promise<void>;
}

/** A provider inside the current process, without TLS, on a unix socket that only this user can open. */
export async function serveInProcess(
  name: string,
  create: (log: Logger) => ProviderServer,
): Promise<ReattachedProvider> {
  const log = createLogger({ name });
  const grpc = createGrpcServer({
    log,
    routes: new Map([
      ...providerService(create(log), {
        log,
        stop: () => grpc.inFlight.abortAll(new Stopped("the run was stopped")),
      }),
      // The process is not ours to end.
      ...goPluginServices(() => undefined),
    ]),
  });
  const endpoint = await listen(grpc.listener);
  process.once("exit", endpoint.remove);
  return {
    reattach: {
      Protocol: "grpc",
      ProtocolVersion: PROTOCOL_VERSION,
      Pid: process.pid,
      Test: true,
      Addr: { Network: endpoint.network, String: endpoint.address },
    },
    close: async () => {
      process.off("exit", endpoint.remove);
      await grpc.close();
      endpoint.remove();
    },
  };
}
