/** One downloaded file from bytes to verdict, with TVS asked where the phone's own lists do not know the signer. */

import type { Certificate } from "../../trust/certificate";
import { parseSignedFile, type SignedFile } from "../../trust/signed-file";
import { parseTrustList, type TrustList } from "../../trust/trust-list";
import { encodeTvsMessage } from "../../trust/tvs-message";
import type { Endpoint } from "./config-file";
import type { Console } from "./console";
import {
  type AcceptedBy,
  afterTvs,
  type Capabilities,
  hasTvsRecords,
  isTrustedTvs,
  judgeConfig,
  judgeList,
  judgeServer,
  judgeVouch,
  type Lists,
  type Reason,
  type Switches,
  type TvsOutcome,
  tvsFailure,
  type Verdict,
} from "./decide";
import type { TvsQuestion, TvsReply } from "./tvs-client";

export interface Verifier {
  readonly deviceName: string;
  readonly switches: Switches;
  readonly caps: Capabilities;
  /** From the configuration that the phone has at that moment. */
  readonly tvs: readonly Endpoint[];
  readonly cache: TvsCache;
  readonly console: Console;
  askTvs(
    server: Endpoint,
    question: TvsQuestion,
    isTrusted: (shown: Certificate) => boolean,
  ): Promise<TvsReply>;
}

type Vouch = Extract<TvsReply, { kind: "vouch" }>;

/** Answers of TVS by signer. Volatile, at most 24 hours, flushed whenever a trust list changes. */
export class TvsCache {
  private readonly entries = new Map<string, { readonly vouch: Vouch; readonly until: number }>();

  get(key: string, now = Date.now()): Vouch | null {
    const entry = this.entries.get(key);
    return entry !== undefined && entry.until > now ? entry.vouch : null;
  }
  put(key: string, vouch: Vouch, now = Date.now()): void {
    this.entries.set(key, { vouch, until: now + Math.min(vouch.timeToLive, 86_400) * 1000 });
  }
  flush(): void {
    this.entries.clear();
  }
}

export type Verified<F> =
  | { readonly kind: "accepted"; readonly file: F; readonly by: AcceptedBy }
  | { readonly kind: "rejected"; readonly reason: Reason };

export async function verifyList(
  which: "ctl" | "itl",
  bytes: Buffer,
  lists: Lists,
  v: Verifier,
): Promise<Verified<TrustList>> {
  let file: TrustList;
  try {
    file = parseTrustList(bytes);
  } catch (error) {
    return malformed(which, error, v);
  }
  return conclude(which, file, judgeList(which, file, lists, v.switches, v.caps), lists, v);
}

export async function verifyConfig(bytes: Buffer, lists: Lists, v: Verifier): Promise<Verified<SignedFile>> {
  let file: SignedFile;
  try {
    file = parseSignedFile(bytes);
  } catch (error) {
    return malformed("config", error, v);
  }
  return conclude("config", file, judgeConfig(file, lists, v.caps), lists, v);
}

function malformed(what: string, error: unknown, v: Verifier): { kind: "rejected"; reason: Reason } {
  v.console.line(
    "ERR",
    `SECUREAPP-verifyFile: ${what}: ${error instanceof Error ? error.message : String(error)}`,
  );
  return { kind: "rejected", reason: "malformed" };
}

async function conclude<F extends TrustList | SignedFile>(
  what: "ctl" | "itl" | "config",
  file: F,
  local: Verdict,
  lists: Lists,
  v: Verifier,
): Promise<Verified<F>> {
  const judge = (vouch: Vouch) => judgeVouch(what, file, vouch);
  const verdict = local.kind === "ask-tvs" ? await byTvs(file.signer, judge, lists, v) : local;
  const name = file.filename ?? what;
  if (verdict.kind === "accept") {
    v.console.line("NOT", "SECUREAPP-Hashes match... authentication successful.");
    if (file.version === "1.2") {
      v.console.line("WRN", "SECUREAPP-AUTH: early exit from parser loop; old version header?");
      v.console.line("WRN", "SECUREAPP-AUTH: hdr ver 1.2 (knows only upto 1.1)");
    }
    return { kind: "accepted", file, by: verdict.by };
  }
  const reason = verdict.kind === "reject" ? verdict.reason : "no-tvs-list";
  const why =
    reason === "bad-signature"
      ? "errclass 8, errcode 12 (signature mismatch)"
      : "errclass 8, errcode 19 (signer not in CTL)";
  v.console.line("ERR", `SECUREAPP-verifyFile: sgn verify file failed <${name}>, ${why}`);
  v.console.line(
    "ERR",
    `SECUREAPP-verify FAILED, signer ${file.signer.name} serial ${file.signer.serial}: ${reason}`,
  );
  return { kind: "rejected", reason };
}

/** Of a TLS server whose certificate the phone's lists do not name: TVS must know that very certificate in the role. */
export async function isVouchedFor(
  server: Certificate,
  role: number,
  lists: Lists,
  v: Verifier,
): Promise<boolean> {
  if (!v.caps.sbd) return false;
  const { subject: name, issuer, serial } = server;
  const judge = (vouch: Vouch) => judgeServer(server, role, vouch);
  return (await byTvs({ name, issuer, serial }, judge, lists, v)).kind === "accept";
}

async function byTvs(
  { name, issuer, serial }: { readonly name: string; readonly issuer: string; readonly serial: string },
  judge: (vouch: Vouch) => Verdict,
  lists: Lists,
  v: Verifier,
): Promise<Verdict> {
  const key = serial + issuer;
  const cached = v.cache.get(key);
  if (cached !== null) return judge(cached);
  if (v.tvs.length === 0) return { kind: "reject", reason: "no-tvs-list" };
  if (!hasTvsRecords(lists)) {
    v.console.line("ERR", "SECUREAPP-TVS provider Init - no TVS certificate in the ITL");
    return { kind: "reject", reason: "tvs-not-in-itl" };
  }
  const outcomes: TvsOutcome[] = [];
  for (const server of v.tvs) {
    v.console.line("INF", `SECUREAPP-Attempting connect to TVS server addr [${server.address}], mode [IPv4]`);
    const question = { deviceName: v.deviceName, subject: name, issuer, serial };
    const reply = await v.askTvs(server, question, (shown) => isTrustedTvs(shown, lists));
    logReply(v.console, server, question, reply);
    if (reply.kind === "vouch") {
      v.cache.put(key, reply);
      v.console.line("INF", "SECUREAPP-TVS added cert to TVS cache - expires in 24 hours");
      return judge(reply);
    }
    outcomes.push(reply.kind);
    const stop = afterTvs(outcomes, v.switches);
    if (stop !== null) return { kind: "reject", reason: stop };
  }
  return { kind: "reject", reason: tvsFailure(outcomes) };
}

function logReply(console: Console, server: Endpoint, question: TvsQuestion, reply: TvsReply): void {
  if (reply.kind === "unreachable") {
    console.line("ERR", `SECUREAPP-TVS provider Init - connect to [${server.address}] failed: ${reply.why}`);
    return;
  }
  console.line("INF", `SECUREAPP-TCP connect() successful, [${server.address}]`);
  console.line("INF", "SECUREAPP-Sec SSL Connection - TVS.");
  console.line("DEB", "SECUREAPP-SSL session setup Cert Verification - Role is = 21");
  if (reply.kind === "not-in-itl") {
    console.line(
      "ERR",
      `SECUREAPP-SSL session setup Cert Verification - certificate ${reply.shown.subject} serial ${reply.shown.serial} is not in the ITL`,
    );
    console.line("DEB", "SECUREAPP-SSL session setup Cert Verification - returning validation result = 0");
    return;
  }
  console.line("INF", "SECUREAPP-SSL session setup Cert Verification - Certificate is valid.");
  console.line("NOT", "SECUREAPP-Sec SSL Connection - Handshake successful.");
  console.line("DEB", "SECUREAPP-TVS process request - processing TVS Query Certificate request.");
  const { length } = encodeTvsMessage({ type: "query-request", session: 0, ...question });
  console.line(
    "NOT",
    `SECUREAPP-TVS process request - Successfully sent the TVS request to TVS server, bytes written : ${length}`,
  );
  if (reply.kind === "miss") console.line("ERR", "SECUREAPP-TVS process response - certificate not found");
  else console.line("DEB", `SECUREAPP-TVS process response - roles ${reply.roles.join(", ")}`);
}
