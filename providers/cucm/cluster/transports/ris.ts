/** RIS: where phones are registered now. Rationed by the cluster ("Allowed Device Queries Per Minute"). */
import { Gate, type RateWindow, retry, Shared } from "../budget";
import type { PhoneRegistration, Registrations, RisStatus } from "../cluster";
import { asClusterError, type Endpoint, excerpt, failure } from "../failure";
import type { Log } from "../log";
import { BusyError, SoapFault, type SoapServer } from "./soap";
import { child, children, elements, text, type XmlElement } from "./xml";

/** Names or addresses per request: room below the cap of 1000 for devices that several nodes report. */
const CHUNK = 900;
/** Where an answer may have been cut without a word. */
const CAP = 1000;
/** `Reatime` is Cisco's spelling. */
const RATE = /Exceeded allowed rate for Rea[l]?time/i;
/** Attempts where the answer is "busy" and nothing of a rate: a minute. Patience for a rate takes several. */
const BUSY_ATTEMPTS = 4;
const STATUSES: readonly string[] = ["Registered", "UnRegistered", "Rejected", "PartiallyRegistered"];

type SelectBy = "Name" | "IPV4Address";

/** Questions that become one: they wait for the same turn. */
class Gathering {
  readonly names = new Set<string>();
  readonly progress = new Set<(line: string) => void>();
  readonly answer = new Shared<Registrations>();
}

export class Ris {
  readonly #turns = new Gate(1);
  /** Whose turn has not come: further questions join it. */
  #gathering: Gathering | null = null;

  constructor(
    private readonly server: SoapServer,
    private readonly at: Endpoint,
    private readonly rate: RateWindow,
    private readonly log: Log,
  ) {}

  /** Newest report of each (validated) device name. Whoever asks while another waits for its turn shares its request. */
  async registrations(
    names: readonly string[],
    progress: (line: string) => void,
    signal: AbortSignal,
  ): Promise<Registrations> {
    this.#gathering ??= new Gathering();
    const gathering = this.#gathering;
    for (const name of names) gathering.names.add(name);
    gathering.progress.add(progress);
    const { phones, silent } = await gathering.answer.get(signal, (inner) =>
      this.#turns.run(inner, () => this.#answer(gathering, inner)),
    );
    const mine = names.flatMap((name) => {
      const report = phones.get(name);
      return report === undefined ? [] : [[name, report] as const];
    });
    return { phones: new Map(mine), silent };
  }

  /**
   * Newest report of each device among those that have one of these IPv4 addresses in them: a later report of another
   * address is not seen.
   */
  registrationsAt(
    addresses: readonly string[],
    progress: (line: string) => void,
    signal: AbortSignal,
  ): Promise<Registrations> {
    return this.#turns.run(signal, async () => {
      await this.#take(progress, signal);
      return this.#reports("IPV4Address", addresses, progress, signal);
    });
  }

  async #answer(gathering: Gathering, signal: AbortSignal): Promise<Registrations> {
    const progress = (line: string) => {
      for (const tell of gathering.progress) tell(line);
    };
    try {
      await this.#take(progress, signal);
    } finally {
      if (this.#gathering === gathering) this.#gathering = null;
    }
    return this.#reports("Name", [...gathering.names], progress, signal);
  }

  /** The place in the rate has been taken for the first question. */
  async #reports(
    by: SelectBy,
    items: readonly string[],
    progress: (line: string) => void,
    signal: AbortSignal,
  ): Promise<Registrations> {
    const phones = new Map<string, PhoneRegistration>();
    const silent = new Set<string>();
    const work = chunks([...new Set(items)], CHUNK);
    let taken = true;
    for (let chunk = work.shift(); chunk !== undefined; chunk = work.shift()) {
      const { reports, unanswered } = await this.#ask(by, chunk, taken, progress, signal);
      taken = false;
      if (reports.length >= CAP && chunk.length > 1) {
        const half = Math.ceil(chunk.length / 2);
        work.unshift(chunk.slice(0, half), chunk.slice(half));
        continue;
      }
      for (const node of unanswered) silent.add(node);
      for (const report of reports) {
        const known = phones.get(report.name);
        if (known === undefined || newer(report, known)) phones.set(report.name, report);
      }
    }
    return { phones, silent: [...silent].sort() };
  }

  #take(progress: (line: string) => void, signal: AbortSignal): Promise<void> {
    return this.rate.take(signal, (ms) =>
      progress(`waiting ${Math.ceil(ms / 1000)} s for the RIS query budget of ${this.at.address}`),
    );
  }

  /** @param taken whether the place in the rate has been taken for the first attempt */
  async #ask(
    by: SelectBy,
    items: readonly string[],
    taken: boolean,
    progress: (line: string) => void,
    signal: AbortSignal,
  ) {
    const answer = await retry(
      { attempts: 9, firstDelayMs: 0, maxDelayMs: 0 },
      signal,
      (error, attempt) => {
        const refusal = rateRefusal(error);
        if (refusal === null || (isOnlyBusy(error) && attempt >= BUSY_ATTEMPTS)) return false;
        const pause = Math.min(60_000, (60_000 / refusal.perMinute) * 2 ** attempt);
        this.rate.refused(pause, refusal.perMinute);
        this.log("RIS: over the allowed rate", { address: this.at.address, pause });
        progress(`RIS of ${this.at.address} asks for patience: next query in ${Math.ceil(pause / 1000)} s`);
        return true;
      },
      async (attempt) => {
        if (!taken || attempt > 1) await this.#take(progress, signal);
        return this.#call(by, items, signal);
      },
    ).catch((error: unknown) => {
      throw this.#explain(error);
    });
    const result = child(child(answer, "selectCmDeviceReturn"), "SelectCmDeviceResult");
    if (result === undefined) {
      throw failure(
        this.at,
        "answer",
        `RIS of ${this.at.address} answers oddly`,
        "no SelectCmDeviceResult in it.",
      );
    }
    return readResult(result);
  }

  #call(by: SelectBy, items: readonly string[], signal: AbortSignal): Promise<XmlElement> {
    const criteria = {
      MaxReturnedDevices: 2 * CAP,
      DeviceClass: "Phone",
      Model: 255,
      Status: "Any",
      NodeName: "",
      SelectBy: by,
      SelectItems: { item: items.map((item) => ({ Item: item })) },
      Protocol: "Any",
      DownloadStatus: "Any",
    };
    return this.server.call(
      {
        operation: "selectCmDeviceExt",
        path: "/realtimeservice2/services/RISService70",
        soapAction: "selectCmDeviceExt",
        namespace: "http://schemas.cisco.com/ast/soap",
        body: `<ns:selectCmDeviceExt>${elements({ StateInfo: "", CmSelectionCriteria: criteria }, "ns:")}</ns:selectCmDeviceExt>`,
      },
      signal,
    );
  }

  #explain(error: unknown) {
    if (isOnlyBusy(error)) {
      return failure(
        this.at,
        "unreachable",
        `RIS of ${this.at.address} stays busy`,
        `${excerpt(error.message)}. Is Cisco RIS Data Collector running there?`,
      );
    }
    if (rateRefusal(error) !== null) {
      return failure(
        this.at,
        "timeout",
        `RIS of ${this.at.address} stays over its allowed rate`,
        'Something else asks it too often. Lower ris_per_minute, or raise the enterprise parameter "Allowed Device Queries Per Minute".',
      );
    }
    if (!(error instanceof SoapFault)) return asClusterError(this.at, "RIS", error);
    return failure(this.at, "refused", `RIS of ${this.at.address} refuses`, `${excerpt(error.faultString)}.`);
  }
}

/** Fault `Exceeded allowed rate for Reatime information. Current allowed rate ... is 15 requests per minute.` */
export function rateRefusal(error: unknown): { readonly perMinute: number } | null {
  if (error instanceof BusyError) return { perMinute: perMinute(error.message) ?? 15 };
  if (!(error instanceof SoapFault) || !RATE.test(error.faultString)) return null;
  return { perMinute: perMinute(error.faultString) ?? 15 };
}

const isOnlyBusy = (error: unknown): error is BusyError =>
  error instanceof BusyError && perMinute(error.message) === null;

function perMinute(message: string): number | null {
  const found = Number(/is (\d+) requests? per minute/i.exec(message)?.[1] ?? 0);
  return found >= 1 ? found : null;
}

function readResult(result: XmlElement): {
  readonly reports: readonly PhoneRegistration[];
  readonly unanswered: readonly string[];
} {
  const reports: PhoneRegistration[] = [];
  const unanswered: string[] = [];
  for (const node of children(child(result, "CmNodes"), "item")) {
    const name = text(node, "Name") ?? "";
    // `NodeNotResponding`, `InternalError`, ...: whatever it was, the devices of that node are not in the answer.
    if (!["Ok", "NotFound"].includes(text(node, "ReturnCode") ?? "")) unanswered.push(name);
    for (const device of children(child(node, "CmDevices"), "item")) reports.push(registration(device, name));
  }
  return { reports, unanswered };
}

function registration(device: XmlElement, node: string): PhoneRegistration {
  const status = text(device, "Status") ?? "Unknown";
  const addresses = children(child(device, "IPAddress"), "item");
  const httpd = text(device, "Httpd")?.toLowerCase();
  const activeLoad = text(device, "ActiveLoadID");
  const ipv4 = addresses.find((each) => /ipv4/i.test(text(each, "IPAddrType") ?? "")) ?? addresses[0];
  return {
    name: text(device, "Name") ?? "",
    status: (STATUSES.includes(status) ? status : "Unknown") as RisStatus,
    statusReason: Number(text(device, "StatusReason") ?? 0),
    node,
    timestamp: Number(text(device, "TimeStamp") ?? 0),
    address: text(ipv4, "IP") || null,
    ...((httpd === "yes" || httpd === "no") && { webAccess: httpd === "yes" }),
    ...(activeLoad && { activeLoad }),
  };
}

/** A tie (whole seconds) goes to the node where it is registered. */
function newer(a: PhoneRegistration, b: PhoneRegistration): boolean {
  if (a.timestamp !== b.timestamp) return a.timestamp > b.timestamp;
  return a.status === "Registered" && b.status !== "Registered";
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let i = 0; i < all.length; i += size) parts.push(all.slice(i, i + size));
  return parts;
}
