/** A migration by hand on a running lab: what the providers do, in a few direct strokes. */
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Fault } from "../../../lab/cluster/faults";
import type { State } from "../../../lab/cluster/state";
import { fetchFile } from "../../../lab/phone/tftp-client";
import type { Lab, StartOptions } from "../../../lab/up";
import { Role } from "../../../trust/roles";
import { parseTrustList } from "../../../trust/trust-list";

type Name = "source" | "destination";

/** Of clusters in a lab whose phones are what is tested. */
export const QUICK: StartOptions["delays"] = {
  replication: [0, 0.05],
  serviceStop: [0, 0.05],
  serviceStart: [0, 0.05],
  tvsReload: [0, 0.1],
  cliBanner: [0, 0.05],
  cliCommand: [0, 0.01],
};

export function fault(lab: Lab, content: Fault): Promise<string> {
  return ask("POST", `${lab.site.control.clusters}/fault`, JSON.stringify(content));
}

export async function state(lab: Lab): Promise<State> {
  return JSON.parse(await ask("GET", `${lab.site.control.clusters}/state`)) as State;
}

/** PEM of the certificates in a cluster's CTL with that role. */
export async function inCtl(lab: Lab, name: Name, role: number): Promise<string[]> {
  const { publisher, ports } = lab.site[name];
  const fetched = await fetchFile({ address: publisher, port: ports.tftpHttp }, "CTLFile.tlv", 5000);
  if (fetched.kind !== "file") throw new Error(`no CTL on ${publisher}`);
  return parseTrustList(fetched.bytes).records.flatMap((r) =>
    r.role === role && r.certificate ? [r.certificate.pem] : [],
  );
}

/** The other cluster's signers into Phone-SAST-trust, its CAPF into CallManager-trust, TVS restarted and awaited. */
export async function trustEachOther(lab: Lab): Promise<void> {
  for (const [cluster, other] of [
    ["source", "destination"],
    ["destination", "source"],
  ] as const) {
    for (const pem of await inCtl(lab, other, Role.CCM_TFTP)) {
      await fault(lab, { kind: "plant-trust", cluster, store: "Phone-SAST-trust", pem });
    }
    for (const pem of await inCtl(lab, other, Role.CAPF)) {
      await fault(lab, { kind: "plant-trust", cluster, store: "CallManager-trust", pem });
    }
    await fault(lab, {
      kind: "service",
      cluster,
      service: "Cisco Trust Verification Service",
      order: "Restart",
    });
  }
  for (;;) {
    const { clusters } = await state(lab);
    const nodes = [...Object.values(clusters.source.nodes), ...Object.values(clusters.destination.nodes)];
    if (nodes.every((node) => node.services["Cisco Trust Verification Service"] === "Started")) return;
    await new Promise((wait) => setTimeout(wait, 50));
  }
}

/** Option 150 of the voice subnet, by config-get and config-set on the control socket; no addresses: no option. */
export async function serve(lab: Lab, addresses: readonly string[]): Promise<void> {
  const { hash: _, ...document } = (await kea(lab, "config-get")) as {
    hash?: string;
    Dhcp4: { subnet4: { id: number; "option-data": object[] }[] };
  };
  const subnet = document.Dhcp4.subnet4.find(({ id }) => id === 20)!;
  const entry = { code: 150, space: "dhcp4", "csv-format": true, data: addresses.join(", ") };
  const others = subnet["option-data"].filter((option) => !("code" in option && option.code === 150));
  subnet["option-data"] = addresses.length === 0 ? others : [...others, entry];
  await kea(lab, "config-set", document);
}

export function tftpOf(lab: Lab, name: Name): string[] {
  return Object.values(lab.site[name].nodeAddresses).slice(0, 2);
}

/** Through AXL on a cluster's publisher, as an administrator would. */
export function resetPhone(lab: Lab, name: Name, device: string): Promise<void> {
  const { publisher, ports, tlsSha256 } = lab.site[name];
  const account = `CUCM_${name.toUpperCase()}_APPLICATION`;
  const body = `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:ns="http://www.cisco.com/AXL/API/10.5"><soapenv:Body><ns:doDeviceReset><deviceName>${device}</deviceName><isHardReset>true</isHardReset></ns:doDeviceReset></soapenv:Body></soapenv:Envelope>`;
  return new Promise((done, fail) => {
    const asked = httpsRequest(
      {
        host: publisher,
        port: ports.https,
        path: "/axl/",
        method: "POST",
        agent: false,
        auth: `${lab.env[`${account}_USERNAME`]}:${lab.env[`${account}_PASSWORD`]}`,
        headers: { "Content-Type": "text/xml", SOAPAction: '"CUCM:DB ver=10.5 doDeviceReset"' },
        rejectUnauthorized: false,
      },
      (answer) => {
        answer.resume();
        answer.on("end", () =>
          answer.statusCode === 200 ? done() : fail(new Error(`AXL: HTTP ${answer.statusCode}`)),
        );
      },
    );
    asked.on("error", fail);
    // The certificate is pinned: nothing is written before it is seen.
    asked.on("socket", (socket) =>
      socket.once("secureConnect", () => {
        const shown = (socket as TLSSocket)
          .getPeerCertificate()
          .fingerprint256.replaceAll(":", "")
          .toLowerCase();
        if (tlsSha256[publisher]!.includes(shown)) asked.end(body);
        else asked.destroy(new Error(`${publisher} shows another certificate`));
      }),
    );
  });
}

/** A command to the DHCP server's control socket; yields its arguments. */
export function kea(lab: Lab, command: string, args?: unknown): Promise<unknown> {
  return new Promise((done, fail) => {
    const socket = connect(lab.site.dhcp.endpoints[0]!.replace("unix://", ""));
    let text = "";
    socket.on("error", fail);
    socket.on("data", (chunk) => {
      text += chunk.toString("utf8");
    });
    socket.on("end", () => {
      const reply = JSON.parse(text) as { result: number; text?: string; arguments?: unknown };
      if (reply.result === 0) done(reply.arguments);
      else fail(new Error(`${command}: ${reply.text}`));
    });
    const sent = JSON.stringify({ command, ...(args === undefined ? {} : { arguments: args }) });
    socket.write(
      sent.replace(/[\u007f-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`),
    );
  });
}

function ask(method: string, url: string, body = ""): Promise<string> {
  return new Promise((done, fail) => {
    const asked = httpRequest(url, { method, agent: false }, (answer) => {
      let text = "";
      answer.on("data", (chunk: Buffer) => {
        text += chunk.toString("utf8");
      });
      answer.on("end", () =>
        answer.statusCode === 200 ? done(text) : fail(new Error(`${method} ${url}: ${text}`)),
      );
    });
    asked.on("error", fail);
    asked.end(body);
  });
}
