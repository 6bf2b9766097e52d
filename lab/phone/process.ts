/** `node process.ts --options FILE`: all phones of the lab. They share nothing with the clusters but the network. */
import { randomInt } from "node:crypto";
import { join } from "node:path";
import { childMain } from "../supervise/child";
import { startControl } from "./control";
import { type Capabilities, DEFAULT_CAPABILITIES, DEFAULT_SWITCHES, type Switches } from "./decide";
import { DhcpRelay, type RelayOptions } from "./dhcp-client";
import { DEFAULT_TIMING, Phone, type Timing } from "./phone";
import { WEB_FORMS } from "./web";

export interface PhonesOptions {
  /** Holds one directory for each phone, with its LSC and whatever lists and configuration it starts with. */
  readonly directory: string;
  readonly phones: readonly string[];
  /** They start registered with the configuration that they hold; otherwise each one boots. */
  readonly prepared: boolean;
  /** @default "CP-8861" */
  readonly model?: string;
  readonly tftpPort: number;
  readonly dhcp: Omit<RelayOptions, "timeout" | "tries"> & Partial<Pick<RelayOptions, "timeout" | "tries">>;
  /** Of phones that sit in another subnet, by device name: its address. @default all in `dhcp.link` */
  readonly links?: { readonly [name: string]: string };
  readonly switches?: Partial<Switches>;
  readonly caps?: Partial<Capabilities>;
  /** TFTP servers that somebody typed into a phone ("Alternate TFTP"), by device name. */
  readonly alternateTftp?: { readonly [name: string]: readonly string[] };
  readonly timing?: Partial<Timing>;
  /** Where phones may have a web server, by device name: their configuration switches it on. @default nowhere */
  readonly web?: {
    readonly addresses: { readonly [name: string]: string };
    readonly port: number;
    readonly trustListPages: readonly string[];
  };
  /** @default 0, a free one */
  readonly controlPort?: number;
}

export interface PhonesReady {
  /** `http://127.0.0.1:port` */
  readonly control: string;
}

/** Hundreds at once in one process would not be through their handshakes before the first ones give up. */
const AT_ONCE = 50;
const PAUSE_MS = 500;

async function startAll(phones: readonly Phone[], prepared: boolean): Promise<void> {
  for (const [i, phone] of phones.entries()) {
    if (i > 0 && i % AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    phone.start(prepared);
  }
}

childMain<PhonesOptions>(async (options) => {
  const relay = await DhcpRelay.open({ timeout: 1000, tries: 3, ...options.dhcp });
  const phones = new Map<string, Phone>();
  const { web } = options;
  const webOf = (name: string) => {
    const address = web?.addresses[name];
    if (web === undefined || address === undefined) return null;
    const { port, trustListPages } = web;
    return { address, port, trustListPages, form: WEB_FORMS[randomInt(WEB_FORMS.length)]! };
  };
  for (const name of options.phones) {
    phones.set(
      name,
      new Phone(
        {
          name,
          directory: join(options.directory, name),
          model: options.model ?? "CP-8861",
          link: options.links?.[name],
          switches: { ...DEFAULT_SWITCHES, ...options.switches },
          caps: { ...DEFAULT_CAPABILITIES, ...options.caps },
          alternateTftp: options.alternateTftp?.[name] ?? null,
          timing: { ...DEFAULT_TIMING, ...options.timing },
          tftpPort: options.tftpPort,
          web: webOf(name),
        },
        relay,
      ),
    );
  }
  const control = await startControl(phones, options.directory, options.controlPort);
  const starting = startAll([...phones.values()], options.prepared);
  return {
    ready: { control: `http://127.0.0.1:${control.port}` } satisfies PhonesReady,
    close: async () => {
      await starting;
      await Promise.all([...phones.values()].map((phone) => phone.close()));
      await control.close();
      await relay.close();
    },
  };
});
