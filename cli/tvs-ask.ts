import { basename } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { ClusterError } from "../providers/cucm/cluster/cluster";
import { LEGACY, MODERN } from "../providers/cucm/cluster/transports/cryptography";
import { Tvs, type TvsReply } from "../providers/cucm/cluster/transports/tvs";
import type { Certificate } from "../trust/certificate";
import { printable } from "../trust/describe";
import { Role, roleName } from "../trust/roles";
import { readCertificate, readCertificates, readClient } from "./certificate-files";
import { CommandError } from "./command-error";
import { endpoint } from "./endpoint";
import { explain } from "./explained";
import { valued } from "./options";
import { type Cell, type Style, styleOf, table } from "./table";

const DEFAULT_PORT = 2445;

interface Options {
  readonly tvsCertificate: string;
  readonly query?: true;
  readonly verify?: true;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly legacy?: true;
  readonly device: string;
  readonly timeout: number;
  readonly json?: true;
}

/** What an answer means for a phone that checks a list or a configuration. */
interface Judged {
  readonly file: string;
  readonly asked: Certificate;
  /** `vouched`: with the role that lists need. `role`: known, without that role. `other`: another certificate has this issuer and serial number. */
  readonly outcome: "vouched" | "role" | "other" | "unknown";
  readonly roles: readonly number[];
  readonly timeToLive: number | null;
  /** SHA-256 of the certificate that TVS holds, when it is another. */
  readonly holds: string | null;
  readonly unknownFields: readonly { readonly tag: number; readonly value: string }[];
}

export function registerTvsAsk(tvs: Command): void {
  const command = tvs
    .command("ask")
    .description("ask a Trust Verification Service about certificates, as a phone does")
    .argument("<host[:port]>", `the node; port ${DEFAULT_PORT} unless given`)
    .argument("<certificate...>", "files, PEM or DER")
    .requiredOption("--tvs-certificate <file>", "the certificate that the server must show: its TVS.pem")
    .option("--query", "ask by issuer and serial number, as for the signer of a file (default)")
    .option("--verify", "ask with the certificate itself, as for a TLS server's")
    .addOption(
      valued(
        "--client-certificate <file>",
        "shown to a TVS that asks for one, such as a phone's LSC; PEM",
        "none is shown",
      ),
    )
    .addOption(
      valued("--client-key <file>", "its private key; PEM, not encrypted", "none, as for the certificate"),
    )
    .option("--device <name>", "the device name that TVS logs", deviceName, "phone-migration")
    .option("--timeout <seconds>", "seconds for each question", seconds, 15)
    .option("--legacy", "allow TLS 1.0 and the ciphers of old releases; who the server is stays verified")
    .option("--json", "print JSON")
    .action(ask);
  explain(command, {
    about: [
      `One TVS (TCP ${DEFAULT_PORT}) is asked. It must show the certificate of --tvs-certificate before anything is sent. No device is changed.`,
    ],
    examples: [
      [
        "npx phone-migration tvs ask 10.10.0.11 signer.pem --tvs-certificate TVS.pem",
        "whether that node of the source vouches for a signer of the destination",
      ],
    ],
    statuses: {
      0: "every certificate is vouched for with role 0 (SAST), which lists need",
      1: "one is not, or TVS did not answer",
    },
  });
}

async function ask(host: string, files: readonly string[], options: Options): Promise<void> {
  if (options.query && options.verify) throw new CommandError("Choose one of --query and --verify.", 2);
  if ((options.clientCertificate === undefined) !== (options.clientKey === undefined))
    throw new CommandError("--client-certificate and --client-key belong together. Give both.", 2);
  const { address, port } = endpoint(host, DEFAULT_PORT);
  const server = readCertificate(options.tvsCertificate, "--tvs-certificate");
  const questions = files.flatMap((file) => readCertificates(file).map((asked) => ({ file, asked })));
  const client =
    options.clientCertificate === undefined
      ? null
      : readClient(options.clientCertificate, options.clientKey!);
  const service = new Tvs(
    { cluster: "", address, names: [] },
    {
      port,
      client,
      cryptography: options.legacy ? LEGACY : MODERN,
      timeoutMs: options.timeout * 1000,
      deviceName: options.device,
      words: {
        server: `--tvs-certificate ${options.tvsCertificate}`,
        clientAndKey: "--client-certificate and --client-key",
        client: "--client-certificate",
        legacy: options.legacy ? "even these were allowed by --legacy" : "try --legacy",
      },
    },
    () => {},
  );
  const replies: TvsReply[] = [];
  let broken: ClusterError | null = null;
  try {
    const exchange = options.verify ? "verify" : "query";
    const certificates = questions.map(({ asked }) => asked);
    const signal = new AbortController().signal;
    for await (const reply of service.askEach(exchange, certificates, [server.sha256], signal))
      replies.push(reply);
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    broken = error;
  }
  const judged = replies.map((reply, i) => judge(questions[i]!.file, reply));
  if (options.json)
    console.log(JSON.stringify(asJson(host, judged, replies, client !== null, broken), null, 2));
  else if (judged.length > 0)
    console.log(asText(host, judged, replies, client !== null, styleOf(process.stdout)));
  if (broken !== null) {
    const rest = questions.length - replies.length;
    const unasked = replies.length > 0 ? ` ${rest} of ${questions.length} questions were not answered.` : "";
    throw new CommandError(`${broken.message}${unasked}`);
  }
  const vouched = judged.filter(({ outcome }) => outcome === "vouched").length;
  if (vouched < judged.length)
    throw new CommandError(
      `${vouched} of ${judged.length} certificates are vouched for with role ${Role.SAST} (${roleName(Role.SAST)}). Phone-SAST-trust of that node must hold each, and TVS must have been restarted since: run \`npx cdktf plan\`.`,
    );
}

function judge(file: string, { asked, answer, unknown }: TvsReply): Judged {
  const common = {
    file: basename(file),
    asked,
    holds: null,
    unknownFields: unknown.map(({ tag, value }) => ({ tag, value: value.toString("hex") })),
  };
  if (answer.kind === "unknown") return { ...common, outcome: "unknown", roles: [], timeToLive: null };
  const { certificate, roles, timeToLive } = answer;
  if (certificate.sha256 !== asked.sha256)
    return { ...common, outcome: "other", roles, timeToLive, holds: certificate.sha256 };
  return { ...common, outcome: roles.includes(Role.SAST) ? "vouched" : "role", roles, timeToLive };
}

function words({ outcome, roles, timeToLive, holds, unknownFields }: Judged): Cell {
  const names = roles.map((role) => `${roleName(role)} (${role})`).join(", ") || "no role";
  const kept = timeToLive === null ? "" : `, may be kept ${timeToLive} s`;
  const odd = unknownFields.map(({ tag, value }) => `, field ${tag} = ${value}`).join("");
  const forFiles = roles.includes(Role.TFTP) || roles.includes(Role.CCM_TFTP);
  switch (outcome) {
    case "vouched":
      return {
        text: `vouched for: ${names}${kept}${odd}${forFiles ? "" : "; lists only: configurations need TFTP (3) or CCM+TFTP (2)"}`,
        colour: forFiles ? "green" : "yellow",
      };
    case "role":
      return {
        text: `known, but not with the role that lists need, SAST (0): ${names}${kept}${odd}`,
        colour: "red",
      };
    case "other":
      return {
        text: `another certificate has this issuer and serial number: SHA-256 ${holds}; ${names}${kept}${odd}`,
        colour: "red",
      };
    case "unknown":
      return { text: `not known${odd}`, colour: "red" };
  }
}

function asText(
  host: string,
  judged: readonly Judged[],
  replies: readonly TvsReply[],
  shown: boolean,
  style: Style,
): string {
  const { link, connection } = replies.at(-1)!;
  const rows = judged.map((each): Cell[] => [
    printable(each.file),
    printable(each.asked.subject),
    each.asked.serial,
    words(each),
  ]);
  const several = connection === 1 ? "one connection" : `${connection} connections`;
  return [
    `TVS at ${host}: ${link.protocol}, ${link.cipher}, ${several}. ${clientWords(link.wantsCertificate, shown)}`,
    "",
    table(style, ["FILE", "CERTIFICATE", "SERIAL NUMBER", "ANSWER"], rows),
  ].join("\n");
}

function clientWords(wants: boolean | null, shown: boolean): string {
  if (wants === null) return "Whether it asked for a client certificate cannot be told before TLS 1.2.";
  if (!wants) return "It did not ask for a client certificate.";
  return shown
    ? "It asked for a client certificate and took ours."
    : "It asked for a client certificate and took it that we have none.";
}

function asJson(
  host: string,
  judged: readonly Judged[],
  replies: readonly TvsReply[],
  shown: boolean,
  broken: ClusterError | null,
) {
  const last = replies.at(-1);
  return {
    host,
    link: last === undefined ? null : { ...last.link, connections: last.connection },
    clientCertificateShown: shown,
    error: broken === null ? null : { kind: broken.kind, message: broken.message },
    certificates: judged.map(({ asked, roles, ...rest }) => ({
      ...rest,
      subject: asked.subject,
      issuer: asked.issuer,
      serial: asked.serial,
      sha256: asked.sha256,
      roles: roles.map((role) => ({ role, name: roleName(role) })),
    })),
  };
}

function deviceName(text: string): string {
  if (!/^[\x20-\x7e]{1,128}$/.test(text))
    throw new InvalidArgumentError("It must be 1 to 128 printable ASCII characters.");
  return text;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 600))
    throw new InvalidArgumentError("It must be a number of seconds up to 600.");
  return value;
}
