/** Whether a port takes connections: Control Center calls a service Started a little before it listens. */
import { connect } from "node:net";
import { sleep } from "../budget";

/** Looks until it does, or `patienceMs` have passed. Sends nothing. */
export async function listens(
  address: string,
  port: number,
  patienceMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  for (const began = Date.now(); ; ) {
    if (await accepts(address, port, signal)) return true;
    if (Date.now() - began > patienceMs) return false;
    await sleep(250, signal);
  }
}

function accepts(host: string, port: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, signal, timeout: 2000 });
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => done(true));
    socket.once("timeout", () => done(false));
    socket.on("error", () => done(false));
  });
}
