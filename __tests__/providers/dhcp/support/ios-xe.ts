import { IosXeDevice, type IosXeOptions } from "../../../../lab/dhcp/ios-xe";
import { IosXeBackend } from "../../../../providers/dhcp/backends/ios-xe/backend";
import type { IosXeConfig } from "../../../../providers/dhcp/backends/ios-xe/config";
import { SOURCE } from "./backend";
import { type Issued, issued } from "./issued";

export const USER = "voice";
export const PASSWORD = "s3cret-of-the-router";
export const PHONE = { kind: "reservation", subnet: "10.1.20.0/24", mac: "02:00:00:00:00:42" } as const;

let certificate: Issued | undefined;
/** One for all devices: making it is slow. */
export const deviceCertificate = (): Issued => {
  certificate ??= issued("IOS-Self-Signed-Certificate-1234567890");
  return certificate;
};

export type Pools = { [key: string]: unknown }[];

/** A pool as IOS-XE gives it. */
export const pool = (id: string, number: string, mask: string, options: unknown[] = []) => ({
  id,
  ...(options.length > 0 ? { option: { "option-range": options } } : {}),
  "default-router": { "default-router-list": ["10.1.20.1"] },
  network: { "primary-network": { number, mask } },
});
export const entry = (addresses: readonly string[], leaf = "ip-ordered") => ({
  "option-range": 150,
  [leaf]: addresses,
});
export const hostPool = (options: unknown[] = []) => ({
  id: "SEP020000000042",
  ...(options.length > 0 ? { option: { "option-range": options } } : {}),
  host: { number: "10.1.20.50", mask: "255.255.255.0" },
  "client-identifier": "0102.0000.0000.42",
});

const LEAVES: { readonly [version: string]: string } = {
  "17.15": "ip-ordered",
  "17.12": "ip-new",
  "16.12": "ip",
};

/** What stands below `ip dhcp`: a pool before ours, ours, and things that must survive. */
export const native = (voice: unknown, others: Pools = []) =>
  JSON.parse(
    JSON.stringify({
      "Cisco-IOS-XE-dhcp:excluded-address": {
        "low-high-address-list": [{ "low-address": "10.1.20.1", "high-address": "10.1.20.9" }],
      },
      "Cisco-IOS-XE-dhcp:pool": [
        pool("DATA", "10.1.10.0", "255.255.255.0", [entry(["192.0.2.99"])]),
        voice,
        ...others,
      ],
    }),
  );

export const voice = (options: unknown[]) => pool("VOICE 1/2", "10.1.20.0", "255.255.255.0", options);

/** Devices, and the end of each after the test. */
export class Devices {
  private readonly running: IosXeDevice[] = [];

  async stop(): Promise<void> {
    for (const device of this.running.splice(0)) await device.stop();
  }

  /** @param dhcp by default our pool serves the source. */
  async start(options: Partial<IosXeOptions> = {}, dhcp?: ReturnType<typeof native>): Promise<IosXeDevice> {
    const { pem, key } = deviceCertificate();
    const version = options.version === undefined ? "17.15" : options.version;
    const leaf = LEAVES[version ?? ""] ?? "ip-ordered";
    const device = new IosXeDevice(
      dhcp ?? native(voice([{ "option-range": 66, "ascii-new": "tftp.example" }, entry(SOURCE, leaf)])),
      { version, tls: { cert: pem, key }, username: USER, password: PASSWORD, ...options },
    );
    await device.start();
    this.running.push(device);
    return device;
  }
}

export const iosXeOn = (
  devices: readonly (IosXeDevice | string)[],
  {
    security = {},
    ...more
  }: Partial<Omit<IosXeConfig, "security">> & {
    security?: Partial<IosXeConfig["security"]>;
  } = {},
): IosXeBackend =>
  new IosXeBackend({
    name: "router",
    endpoints: devices.map((device) => (typeof device === "string" ? device : device.endpoint)),
    security: {
      tlsSha256: [deviceCertificate().sha256],
      caPem: null,
      username: USER,
      password: PASSWORD,
      ...security,
    },
    vrf: null,
    addressLeaf: null,
    saveConfig: false,
    ...more,
  });

export const POOL = "VOICE 1/2";
