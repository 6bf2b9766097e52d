import { EventEmitter } from "node:events";
import { type Delays, draw } from "./options";

export type ServiceState = "Started" | "Stopping" | "Stopped" | "Starting";

export const SERVICE = {
  callManager: "Cisco CallManager",
  tftp: "Cisco Tftp",
  tvs: "Cisco Trust Verification Service",
  capf: "Cisco Certificate Authority Proxy Function",
} as const;

interface Service {
  state: ServiceState;
  activated: boolean;
  /** Cisco Tomcat, the database and their kind. */
  readonly permanent: boolean;
  startedAt: Date | null;
  commandedDown: boolean;
}

export interface ServiceView {
  readonly name: string;
  readonly state: ServiceState;
  readonly reason: "" | "Service Not Activated" | "Commanded Out of Service";
  readonly startedAt: Date | null;
}

export type ControlResult = "accepted" | "unknown-service" | "not-activated" | "not-stoppable" | "busy";

const PERMANENT = [
  "A Cisco DB",
  "A Cisco DB Replicator",
  "Cisco Tomcat",
  "Cisco AXL Web Service",
  "Cisco Certificate Change Notification",
  "Cisco RIS Data Collector",
] as const;

/**
 * The services of one node. A command returns at once; the service passes through Stopping, Stopped, Starting and
 * Started in its own time. Emits `up` and `down` with the service's name when it opens and closes its ports.
 */
export class Services extends EventEmitter<{ up: [string]; down: [string]; settled: [string] }> {
  private readonly services = new Map<string, Service>();
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(
    role: "publisher" | "subscriber",
    tftp: boolean,
    private readonly delays: Pick<Delays, "serviceStop" | "serviceStart">,
  ) {
    super();
    const started = new Date(Date.now() - 40 * 24 * 3600 * 1000);
    const add = (name: string, activated: boolean, permanent: boolean) =>
      this.services.set(name, {
        state: activated ? "Started" : "Stopped",
        activated,
        permanent,
        startedAt: activated ? started : null,
        commandedDown: false,
      });
    for (const name of PERMANENT) add(name, true, true);
    add(SERVICE.callManager, true, false);
    add(SERVICE.tftp, tftp, false);
    add("Cisco CTIManager", true, false);
    add(SERVICE.capf, role === "publisher", false);
    add("Cisco CTL Provider", role === "publisher", false);
    add(SERVICE.tvs, true, false);
  }

  names(): string[] {
    return [...this.services.keys()];
  }

  view(name: string): ServiceView | null {
    const found = this.services.get(name);
    if (found === undefined) return null;
    const down = found.state !== "Started";
    const reason = !found.activated ? "Service Not Activated" : "Commanded Out of Service";
    return {
      name,
      state: found.state,
      reason: !found.activated || (down && found.commandedDown) ? reason : "",
      startedAt: found.startedAt,
    };
  }

  isUp(name: string): boolean {
    return this.services.get(name)?.state === "Started";
  }

  control(name: string, order: "Start" | "Stop" | "Restart"): ControlResult {
    const service = this.services.get(name);
    if (service === undefined) return "unknown-service";
    if (!service.activated) return "not-activated";
    if (service.permanent) return "not-stoppable";
    if (service.state === "Stopping" || service.state === "Starting") return "busy";
    if (order !== "Start" && service.state === "Started") this.stop(name, service, order === "Restart");
    else if (order !== "Stop" && service.state === "Stopped") this.start(name, service);
    return "accepted";
  }

  /** The page "Service Activation": what is not activated does not run. Takes effect at once. */
  activate(name: string, activated: boolean): ControlResult {
    const service = this.services.get(name);
    if (service === undefined) return "unknown-service";
    if (service.permanent) return "not-stoppable";
    if (service.activated === activated) return "accepted";
    service.activated = activated;
    service.state = activated ? "Started" : "Stopped";
    service.startedAt = activated ? new Date() : null;
    this.emit(activated ? "up" : "down", name);
    return "accepted";
  }

  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private stop(name: string, service: Service, thenStart: boolean): void {
    service.state = "Stopping";
    service.commandedDown = !thenStart;
    this.emit("down", name);
    this.later(draw(this.delays.serviceStop), () => {
      service.state = "Stopped";
      service.startedAt = null;
      if (thenStart) this.later(20, () => this.start(name, service));
      else this.emit("settled", name);
    });
  }

  private start(name: string, service: Service): void {
    service.state = "Starting";
    this.later(draw(this.delays.serviceStart), () => {
      service.state = "Started";
      service.commandedDown = false;
      service.startedAt = new Date();
      this.emit("up", name);
      this.emit("settled", name);
    });
  }

  private later(milliseconds: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      action();
    }, milliseconds);
    this.timers.add(timer);
  }
}
