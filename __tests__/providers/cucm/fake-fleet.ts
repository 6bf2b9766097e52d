import { ClusterError, type PhoneRegistration } from "../../../providers/cucm/cluster/cluster";
import type { Side } from "../../../providers/cucm/phones";

/**
 * What a phone does when it is reset: `follows` option 150, `stays` where it was, is `lost`, `crashes` once it has
 * followed, `ignores` the reset, or the cluster `refuses` to reset it.
 */
export type Behaviour = "follows" | "stays" | "lost" | "crashes" | "ignores" | "refuses";

interface FakePhone {
  readonly name: string;
  at: Side | null;
  behaviour: Behaviour;
  /** Clusters whose database has the device. */
  readonly knownTo: Set<Side>;
  readonly reports: { [side in Side]?: PhoneRegistration };
  /** Questions to RIS until it has booted, and where it goes. */
  booting: { left: number; to: Side | null } | null;
}

/** Phones that both clusters share, as RIS and AXL show them. */
export class FakeFleet {
  /** What option 150 answers. */
  serves: Side = "source";
  /** Questions to RIS that a reboot takes. */
  bootSteps = 1;
  /** Seconds that the clocks of the clusters are ahead. */
  ahead = 0;
  /** `<side> <name>` of every reset. */
  readonly resets: string[] = [];
  private readonly phones = new Map<string, FakePhone>();
  private last = Math.floor(Date.now() / 1000) - 3600;

  add(
    name: string,
    options: { at?: Side | null; behaviour?: Behaviour; knownTo?: readonly Side[] } = {},
  ): this {
    const { at = "source", behaviour = "follows", knownTo = ["source", "destination"] } = options;
    const phone: FakePhone = {
      name,
      at: null,
      behaviour,
      knownTo: new Set(knownTo),
      reports: {},
      booting: null,
    };
    this.phones.set(name, phone);
    if (at) this.register(phone, at, false);
    return this;
  }

  /** Somebody moves, unplugs or plugs in a phone. @param now `false`: it happened long ago */
  put(name: string, at: Side | null, now = false): void {
    const phone = this.phone(name);
    if (phone.at) this.unregister(phone, now);
    if (at) this.register(phone, at, now);
  }

  /** It came to that cluster, long ago, and was not let in. */
  rejectedBy(side: Side, name: string): void {
    const phone = this.phone(name);
    this.report(phone, side, "Rejected", false);
    phone.at = null;
  }

  /** It is off for so long that RIS has no report of it any more. */
  forget(name: string): void {
    const phone = this.phone(name);
    phone.at = null;
    for (const side of ["source", "destination"] as const) delete phone.reports[side];
  }

  /** RIS says that its web server is on, at that address. */
  openWeb(name: string, address: string): void {
    const { reports, at } = this.phone(name);
    if (at) reports[at] = { ...reports[at]!, address, webAccess: true };
  }

  /** RIS says that it runs that firmware. */
  runs(name: string, activeLoad: string): void {
    const { reports, at } = this.phone(name);
    if (at) reports[at] = { ...reports[at]!, activeLoad };
  }

  /** RIS says that it is registered with that address. */
  place(name: string, address: string | null): void {
    const { reports, at } = this.phone(name);
    if (at) reports[at] = { ...reports[at]!, address };
  }

  behave(name: string, behaviour: Behaviour): void {
    this.phone(name).behaviour = behaviour;
  }

  where(): { readonly [name: string]: Side | null } {
    return Object.fromEntries([...this.phones.values()].map((p) => [p.name, p.at]));
  }

  existing(side: Side, names: readonly string[]): Set<string> {
    return new Set(names.filter((n) => this.phones.get(n)?.knownTo.has(side)));
  }

  registrations(side: Side, names: readonly string[]): Map<string, PhoneRegistration> {
    if (side === "source") for (const phone of this.phones.values()) this.boot(phone);
    return new Map(
      names.flatMap((n) => {
        const report = this.phones.get(n)?.reports[side];
        return report ? [[n, report] as const] : [];
      }),
    );
  }

  names(side: Side): string[] {
    return [...this.phones.values()].filter((p) => p.knownTo.has(side)).map((p) => p.name);
  }

  reset(side: Side, name: string): void {
    this.resets.push(`${side} ${name}`);
    const phone = this.phone(name);
    if (phone.behaviour === "refuses")
      throw new ClusterError(
        side,
        null,
        `AXL of ${side} does not reset ${name}`,
        "Item not valid.",
        "refused",
      );
    if (phone.at !== side || phone.behaviour === "ignores") return;
    this.unregister(phone, true);
    const to = { follows: this.serves, stays: side, lost: null, crashes: this.serves }[phone.behaviour];
    phone.booting = { left: this.bootSteps, to };
  }

  private boot(phone: FakePhone): void {
    if (!phone.booting || phone.booting.left-- > 0) return;
    const { to } = phone.booting;
    phone.booting = null;
    if (to) this.register(phone, to, true);
    if (phone.behaviour === "crashes") this.unregister(phone, true);
  }

  private register(phone: FakePhone, side: Side, now: boolean): void {
    phone.at = side;
    this.report(phone, side, "Registered", now);
  }

  private unregister(phone: FakePhone, now: boolean): void {
    if (phone.at) this.report(phone, phone.at, "UnRegistered", now);
    phone.at = null;
  }

  /** Time stamps rise with every report; what happens `now` carries the real time. */
  private report(phone: FakePhone, side: Side, status: PhoneRegistration["status"], now: boolean): void {
    this.last = Math.max(this.last + 1, now ? Math.floor(Date.now() / 1000) + this.ahead : 0);
    const timestamp = this.last;
    phone.reports[side] = {
      name: phone.name,
      status,
      statusReason: status === "Registered" ? 0 : 13,
      node: `${side}-sub1`,
      timestamp,
      address: "127.0.0.1",
    };
  }

  private phone(name: string): FakePhone {
    const phone = this.phones.get(name);
    if (!phone) throw new Error(`There is no phone ${name}.`);
    return phone;
  }
}
