/** Control Center of one node: a service restarted, and waited for. Each node answers only for itself. */
import { DeadlineError, sleep } from "../budget";
import { ClusterError, type ServiceName } from "../cluster";
import { asClusterError, type Endpoint, excerpt, failure } from "../failure";
import { SoapFault, type SoapServer } from "./soap";
import { child, children, elements, text, type XmlContent, type XmlElement } from "./xml";

export interface ServiceStatus {
  /** Started, Stopped, Starting, Stopping or Unknown. */
  readonly status: string;
  readonly reason: string;
  readonly startTime: string;
  /** Seconds; -1 when down. */
  readonly upTime: number;
}

/** An order that was not answered, and of which nothing is seen at so many looks (some 15 s), did not get through. */
const LOOKS = 7;

export class ControlCenter {
  constructor(
    private readonly server: SoapServer,
    private readonly at: Endpoint,
  ) {}

  /** null when the node does not know the service. */
  async status(service: ServiceName, signal: AbortSignal): Promise<ServiceStatus | null> {
    const answer = await this.#call("soapGetServiceStatus", { ServiceStatus: service }, false, signal);
    const list = child(child(answer, "soapGetServiceStatusReturn"), "ServiceInfoList");
    const item = children(list, "item").find((each) => text(each, "ServiceName") === service);
    if (item === undefined) return null;
    return {
      status: text(item, "ServiceStatus") ?? "Unknown",
      reason: (text(item, "ReasonCodeString") ?? "").trim(),
      startTime: (text(item, "StartTime") ?? "").trim(),
      upTime: Number(text(item, "UpTime") ?? -1),
    };
  }

  /** @throws ClusterError unless the node shows the service as activated. Orders nothing. */
  async check(service: ServiceName, signal: AbortSignal): Promise<void> {
    this.#activated(service, await this.status(service, signal));
  }

  #activated(service: ServiceName, status: ServiceStatus | null): ServiceStatus {
    if (status !== null && !/not activated/i.test(status.reason)) return status;
    throw failure(
      this.at,
      "refused",
      `${service} is not activated on ${this.at.address}`,
      "It cannot be restarted.",
    );
  }

  /** Returns when the service was seen Started again. The order alone proves nothing: it is answered at once. */
  async restart(
    service: ServiceName,
    timeoutMs: number,
    progress: (line: string) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const before = this.#activated(service, await this.#settled(service, timeoutMs, progress, signal));
    progress(`restarting ${service} on ${this.at.address}`);
    const began = Date.now();
    let answered = await this.#order(service, signal);
    const restarted = new RestartWatch(before, began);
    let last: ServiceStatus | null = null;
    for (let pause = 500, untouched = 0; ; pause = Math.min(pause * 1.5, 5000)) {
      const now = await this.#lookAgain(service, signal);
      last = now ?? last;
      if (last !== null && restarted.seen(last, Date.now())) {
        progress(`${service} on ${this.at.address} is Started again after ${seconds(Date.now() - began)} s`);
        return;
      }
      if (Date.now() - began > timeoutMs) throw this.#late(service, last, timeoutMs, answered);
      if (now !== null) untouched = isSame(now, before) ? untouched + 1 : 0;
      if (!answered && untouched === LOOKS) {
        progress(`${service} on ${this.at.address} was not restarted: ordering it again`);
        untouched = 0;
        answered = await this.#order(service, signal);
      }
      await sleep(pause, signal);
    }
  }

  /**
   * The state that a restart begins with. On its way down or up, as a run that was interrupted leaves it, the service
   * takes no order: that is waited for.
   */
  async #settled(
    service: ServiceName,
    timeoutMs: number,
    progress: (line: string) => void,
    signal: AbortSignal,
  ): Promise<ServiceStatus | null> {
    const began = Date.now();
    let now = await this.status(service, signal);
    for (let pause = 500; now !== null && UNDER_WAY.has(now.status); pause = Math.min(pause * 1.5, 5000)) {
      if (Date.now() - began > timeoutMs) return now;
      progress(`${service} on ${this.at.address} is ${now.status}: waiting before it is restarted`);
      await sleep(pause, signal);
      now = (await this.#lookAgain(service, signal)) ?? now;
    }
    return now;
  }

  /** @returns false when it was not answered: it may be under way, or it may not have come there */
  async #order(service: ServiceName, signal: AbortSignal): Promise<boolean> {
    // NodeName is left out: the node is addressed directly, as in Cisco's own sample.
    const request = { ControlServiceRequest: { ControlType: "Restart", ServiceList: { item: service } } };
    let answer: XmlElement;
    try {
      answer = await this.#call("soapDoControlServices", request, true, signal);
    } catch (error) {
      if (error instanceof ClusterError && (error.kind === "timeout" || error.kind === "broken off"))
        return false;
      throw error;
    }
    const result = child(answer, "soapDoControlServicesReturn");
    const code = text(result, "ReturnCode");
    if (code?.trim() !== "0") {
      const reason = excerpt(text(result, "ReasonString") ?? "");
      throw failure(
        this.at,
        "refused",
        `Control Center of ${this.at.address} does not restart ${service}`,
        `Return code ${code ?? "(none)"}${reason === "" ? "" : `: ${reason}`}.`,
      );
    }
    return true;
  }

  /** While a service restarts, Control Center may stumble too: keep looking. */
  async #lookAgain(service: ServiceName, signal: AbortSignal): Promise<ServiceStatus | null> {
    try {
      return await this.status(service, signal);
    } catch (error) {
      if (signal.aborted || !(error instanceof ClusterError)) throw error;
      if (["unreachable", "timeout", "answer", "refused"].includes(error.kind)) return null;
      throw error;
    }
  }

  #late(
    service: ServiceName,
    last: ServiceStatus | null,
    timeoutMs: number,
    answered: boolean,
  ): ClusterError {
    const seen =
      last === null ? "no status at all" : `${last.status}${last.reason === "" ? "" : ` (${last.reason})`}`;
    return failure(
      this.at,
      "timeout",
      `${service} on ${this.at.address} is not back`,
      `${new DeadlineError(timeoutMs).message} after the restart; last seen: ${seen}.${answered ? "" : " The order was not answered."} Look at it in Control Center; raise restart_timeout if it is only slow.`,
    );
  }

  async #call(
    operation: string,
    request: XmlContent,
    write: boolean,
    signal: AbortSignal,
  ): Promise<XmlElement> {
    try {
      return await this.server.call(
        {
          operation,
          path: "/controlcenterservice2/services/ControlCenterServices",
          soapAction: operation,
          namespace: "http://schemas.cisco.com/ast/soap",
          body: `<ns:${operation}>${elements(request, "ns:")}</ns:${operation}>`,
          write,
        },
        signal,
      );
    } catch (error) {
      if (!(error instanceof SoapFault)) throw asClusterError(this.at, "Control Center", error);
      throw failure(
        this.at,
        "refused",
        `Control Center of ${this.at.address} refuses ${operation}`,
        `${excerpt(error.faultString)}.`,
      );
    }
  }
}

const isSame = (now: ServiceStatus, before: ServiceStatus) =>
  now.status === before.status && now.startTime === before.startTime && now.upTime >= before.upTime;

const UNDER_WAY: ReadonlySet<string> = new Set(["Starting", "Stopping"]);

/** Decides from polled states whether the service that is Started now was started after our order. */
export class RestartWatch {
  #wasDown = false;
  constructor(
    private readonly before: ServiceStatus,
    private readonly orderedAt: number,
  ) {}

  seen(now: ServiceStatus, at: number): boolean {
    if (now.status !== "Started") {
      this.#wasDown = true;
      return false;
    }
    if (this.#wasDown || this.before.status !== "Started") return true;
    if (now.startTime !== "" && now.startTime !== this.before.startTime) return true;
    if (now.upTime < 0) return false;
    // Up for less than before, or (whole seconds, rounded down) for less than since the order.
    return now.upTime < this.before.upTime || (now.upTime + 1) * 1000 <= at - this.orderedAt;
  }
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(ms < 10_000 ? 1 : 0);
}
