import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, row, timed } from "./numbers";
import { noting, type Usage, usagesIn } from "./usage";

const PROGRAM = join(__dirname, "../dist/phone-migration.js");
const AIM = 0.1;

/**
 * Reading a console log and a TVS log beside `grep -c` on the same file, which only counts lines. `BENCH_MB` is the
 * size of each file (256; 1024 for what is promised). The memory is also shown for a tenth of it.
 *
 * A trace holds what the document's excerpt holds, where 27 of 74 lines show a move; the same without
 * the others is the worst that there can be. What else a node writes meanwhile is not documented, and costs less.
 */
export async function verify(rounds: number): Promise<void> {
  const megabytes = Number(process.env.BENCH_MB ?? 256);
  const folder = mkdtempSync(join(tmpdir(), "phone-migration-bench-"));
  try {
    for (const [name, option, block, word] of LOGS) {
      const [whole, tenth] = [join(folder, "whole.log"), join(folder, "tenth.log")];
      write(whole, megabytes, block);
      write(tenth, megabytes / 10, block);
      const size = statSync(whole).size;
      const [ours, theirs]: [number[], number[]] = [[], []];
      const memory: Usage[] = [];
      for (let round = -1; round < Math.max(3, Math.ceil(rounds / 4)); round++) {
        const counted = await timed(() => run("grep", ["-c", word, whole], folder));
        const began = performance.now();
        const used = await verified(option, whole, folder);
        if (round < 0) continue;
        theirs.push(counted);
        ours.push(performance.now() - began);
        memory.push(used);
      }
      const small = await verified(option, tenth, folder);
      const speed = (ms: number) => `${(size / 1e6 / (ms / 1000)).toFixed(0)} MB/s`;
      const ratio = median(theirs.map((time, i) => time / ours[i]!));
      console.log(`A ${name} of ${(size / 1e6).toFixed(0)} MB, medians of ${ours.length} rounds`);
      row(`grep -c "${word}"`, median(theirs), speed(median(theirs)));
      row(
        "phone-migration verify, its start included",
        median(ours),
        `${speed(median(ours))}, ${ratio.toFixed(2)} of grep (aim ${AIM})`,
      );
      const peak = Math.max(...memory.map((one) => one.megabytes));
      console.log(
        `  its memory: ${peak.toFixed(0)} MB at most; with a tenth of the file: ${small.megabytes.toFixed(0)} MB`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const PHONES = 200;
const device = (i: number) => `SEP0011223${(i % PHONES).toString(16).toUpperCase().padStart(5, "0")}`;
const time = (i: number) =>
  `${String(Math.floor(i / 3600) % 24).padStart(2, "0")}:${String(Math.floor(i / 60) % 60).padStart(2, "0")}:${String(i % 60).padStart(2, "0")}.123`;

/** A phone's move, and what it writes until the next one: of 8861s' logs a line in some hundreds is of trust. */
function consoleOf(i: number): string {
  let number = 1000 + i * 1000;
  const say = (text: string) => `${number++} NOT Nov 29 ${time(i)}456 ${text}\n`;
  const move = [
    `dgetfile(870)-GETXXTP [GT870] [src=CTL${device(i)}.tlv] [dest=/tmp/CTLFile.tlv]`,
    "SECUREAPP-Attempting connect to TVS server addr [192.168.11.32], mode [IPv4]",
    "SECUREAPP-TCP connect() successful, [192.168.11.32] [11]",
    "SECUREAPP-SSL session setup Cert Verification - Certificate is valid.",
    "SECUREAPP-Sec SSL Connection - Handshake successful.",
    "SECUREAPP-TVS process request - Successfully sent the TVS request to TVS server, bytes written : 153",
    "SECUREAPP-TVS added cert to TVS cache - expires in 24 hours",
    "SECUREAPP-Hashes match... authentication successful.",
    "SECUREAPP-updateFromFile: TL parse to table: CTL_SUCCESS",
    "SECUREAPP-TL file updated.",
  ];
  const chatter = Array.from({ length: 600 }, (_, k) =>
    say(
      `JAVA-Sccp/sip ${k % 7} - callId ${i * 31 + k}, state ${k % 11}, a line like most lines of such a log`,
    ),
  );
  return move.map(say).join("") + chatter.join("");
}

/** Bytes of a question, of the certificate and of the answer in Cisco's document 213407. */
const [QUESTION, CERTIFICATE, ANSWER] = [153, 1451, 1480];
/** There TVS dumps no more of a message, and so much in a line. */
const [DUMPED, DUMPED_IN_LINE] = [50, 8];

/** A phone's question at level Detailed, with what TVS does about it: each line of the document's excerpt. */
function traceOf(i: number): string {
  const address = `10.${1 + (i >> 16)}.${(i >> 8) & 0xff}.${i & 0xff}`;
  const name = Buffer.from(`CP-8861-${device(i)}`, "latin1");
  const session = [0, 0, 3 + (i & 0x7f), i & 0xff];
  const question = Buffer.alloc(QUESTION, "CN=cucm11-pub.example.net;OU=Voice;O=Example");
  question.set([0x57, 1, 3, 0, ...session, 0, 0x8f, 1, 0, name.length + 1, 1, ...name]);
  const certificate = Buffer.alloc(CERTIFICATE, Buffer.from("308205a73082048fa0030201020213240000", "hex"));
  const answer = Buffer.concat([
    Buffer.from([0x57, 1, 4, 0xf7, ...session, 5, 0xbe, 7, 0, 1, 0, 2, 5, 0xab]),
    certificate,
    Buffer.from([8, 0, 2, 0, 3, 9, 0, 4, 0, 1, 0x51, 0x80]),
  ]);
  const cache = "CertificateDBCACHE::getCertificateInformation -";
  const decoded = (type: string, length: number) => [
    ...["tvsPhoneDecodeMsg -", "Decoded Phone Msg:", "Protocol Discriminator: 57"],
    ...[`MsgType : TVS_MSG_QUERY_CERT_${type}`, "Session Id : 0", `Length : ${length}`],
  ];
  return [
    ...["Accepted TCP connection from socket 0x00000012, fd = 8", "Total Session attempted = 7 accepted = 7"],
    ...["tvsGetNextThread", "Recd event", "new ph on fd 8", "7:UNKNOWN:Got a new SCB from RBTree"],
    ...[`ipAddrStr (Phone) ${address}`, `8:UNKNOWN:Got a new ph conn ${address} on 8, Total Acc = 7..`],
    ...["added 8 to readset", "after select, 8 was set", `ipAddrStr (Phone) ${address}`],
    ...["tvsSSLHandShakeNotify", `${address}: tvsSSLHandShake Session ciphers - AES256-SHA`],
    ...["added 8 to readset", "Recd event", "TLS HS Done for ph_conn"],
    ...["8:UNKNOWN:Incoming Phone Msg:", ...dump(question), ...decoded("REQ", QUESTION - 10)],
    "8:UNKNOWN:TVS CORE: Rcvd Event: TVS_EV_QUERY_CERT_REQ in State: TVS_STATE_AWAIT_REQ",
    "tvsHandleQueryCertReq",
    "tvsHandleQueryCertReq : Subject Name is: CN=cucm11-pub.example.net;OU=Voice;O=Example;C=PL",
    "tvsHandleQueryCertReq : Issuer Name is: CN=example-CA",
    "tvsHandleQueryCertReq : Serial Number is: 24000000179479B8F124AC3F3B000000000017",
    `${cache} Looking up the certificate cache using Unique MAP ID : 24000000179479B8F124AC3F3B000000000017CN=example-CA`,
    ...[`${cache} Found entry {rolecount : 2}`, `${cache} {role : 0}`, `${cache} {role : 3}`],
    ...["convertX509ToDER -x509cert : 0xbb696e0", "8:UNKNOWN:Sending QUERY_CERT_RES msg"],
    ...[...decoded("RES", ANSWER - 10), "ReasonInfo : 00$", "Number of Certs : 1", "Cert[0] :"],
    ...["Cert Type : 0", ...dump(certificate), "Version : 0", "PublicKey :"],
    ...[...dump(Buffer.from("00015180", "hex")), "Sending TLS Msg ..", ...dump(answer)],
    `ipAddrStr (Phone) ${address}`,
  ]
    .map((text) => (UNSTAMPED.test(text) ? `${text}\n` : `${time(i)} | debug ${text}\n`))
    .join("");
}

const UNSTAMPED = /^(?:HEX_DUMP|Decoded)/;

function dump(bytes: Buffer): string[] {
  const lines = [`HEX_DUMP: Len = ${bytes.length}:`];
  const shown = bytes.subarray(0, DUMPED);
  for (let at = 0; at < shown.length; at += DUMPED_IN_LINE)
    lines.push(shown.toString("hex", at, at + DUMPED_IN_LINE).replace(/..(?=.)/g, "$& "));
  return lines;
}

/** Of the same, the lines that tell of a move: none of what stands between them in a real trace. */
function evidenceOf(i: number): string {
  const lines = traceOf(i).split("\n");
  const wanted = lines.filter(
    (line, at) =>
      EVIDENCE.test(line) ||
      // Of a dump, what is read: who asks, and the session of the answer.
      lines.slice(Math.max(0, at - 7), at).some((before) => before.endsWith("Incoming Phone Msg:")) ||
      lines.slice(Math.max(0, at - 2), at).some((before) => before.endsWith("Sending TLS Msg ..")),
  );
  return `${wanted.join("\n")}\n`;
}

const EVIDENCE =
  /Got a new ph conn|Session ciphers|HS Done|Incoming|MsgType.*REQ|CertReq :|getCertificateInformation|Sending|ReasonInfo|ipAddrStr/;

const LOGS = [
  ["phone log", "--phone-log", consoleOf, "TL file updated"],
  ["TVS log", "--tvs-log", traceOf, "QUERY_CERT_RES"],
  ["TVS log of nothing but evidence", "--tvs-log", evidenceOf, "QUERY_CERT_RES"],
] as const;

/** The blocks of a fleet, over and over. */
function write(path: string, megabytes: number, block: (i: number) => string): void {
  const fleet = Buffer.from(Array.from({ length: PHONES }, (_, i) => block(i)).join(""), "latin1");
  const file = openSync(path, "w", 0o600);
  try {
    for (let left = megabytes * 1e6; left > 0; left -= fleet.length)
      writeSync(file, fleet, 0, Math.min(left, fleet.length));
  } finally {
    closeSync(file);
  }
}

async function verified(option: string, path: string, folder: string): Promise<Usage> {
  const [hook, notes] = [join(folder, "hook.cjs"), join(folder, "notes")];
  rmSync(notes, { force: true });
  writeFileSync(hook, noting("node:fs", notes));
  await run(process.execPath, ["--require", hook, PROGRAM, "verify", option, path, "--json"], folder);
  return usagesIn(notes)[0]!;
}

/** Either says by its exit status what it found; only that it could run matters here. */
function run(program: string, args: readonly string[], cwd: string): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, {
      cwd,
      // To a file that is none, grep says at the first line that there is one, and counts no more.
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, LC_ALL: "C" },
    });
    child.stdout.resume();
    child.on("error", fail);
    child.on("close", (status) =>
      status === 0 || status === 1 ? done() : fail(new Error(`${program}: ${status}`)),
    );
  });
}
