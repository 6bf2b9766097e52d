import { constants, generateKeyPairSync, randomInt, verify } from "node:crypto";
import { once } from "node:events";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { issue } from "../lab/cluster/pki/issue";
import { startClusters } from "../lab/cluster/start";
import { MODERN } from "../providers/cucm/cluster/transports/cryptography";
import { Tvs } from "../providers/cucm/cluster/transports/tvs";
import { Certificate } from "../trust/certificate";
import { Role } from "../trust/roles";
import { buildTrustList, findSigner, parseTrustList, verifyTrustList } from "../trust/trust-list";
import { median, row } from "./numbers";

/**
 * What reading costs beside what cannot be saved: the signature of a list of 5 records, and a TLS handshake with TVS.
 * All take turns, and the ratio within a round is what counts.
 */
export async function trust(rounds: number): Promise<void> {
  for (const digest of ["sha1", "sha512"] as const) readLists(digest, rounds);
  await askTvs(Math.max(3, Math.ceil(rounds / 4)));
}

const AIM = 0.8;
const LISTS = 1000;

function readLists(digest: "sha1" | "sha512", rounds: number): void {
  const { file, key } = listOfFive(digest);
  const { signedBytes, signature } = parseTrustList(file);
  const bare = () => verify(digest, signedBytes, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
  const whole = () => {
    const list = parseTrustList(file);
    return verifyTrustList(list, findSigner(list)!.publicKey!);
  };
  const [floor, times]: [number[], number[]] = [[], []];
  for (let round = -5; round < rounds; round++) {
    const [one, other] = [repeated(bare), repeated(whole)];
    if (round < 0) continue;
    floor.push(one);
    times.push(other);
  }
  const ratio = median(floor.map((time, i) => time / times[i]!));
  const first = median(Array.from({ length: 7 }, () => firstReading(file)));

  console.log(
    `Trust list of 5 records, ${file.length} bytes, ${digest}, RSA 2048: ${LISTS} lists, CPU time, medians of ${rounds} rounds`,
  );
  row("bare crypto.verify", median(floor));
  row("parse + verify", median(times), `${ratio.toFixed(2)} of bare (aim ${AIM})`);
  row(
    "parse, certificates never read before",
    first * LISTS,
    `${(first / (median(times) / LISTS)).toFixed(0)} times parse + verify`,
  );
}

/** Milliseconds for a list whose certificates are not remembered any more: others have taken their place. */
function firstReading(file: Buffer): number {
  const { der } = parseTrustList(file).records[0]!.certificate!;
  for (let i = 0; i < 600; i++) {
    // Another signature makes another certificate; reading one does not verify it.
    const other = Buffer.from(der);
    other.writeUInt32BE(randomInt(2 ** 32), der.length - 4);
    Certificate.fromDer(other);
  }
  const began = cpuMs();
  parseTrustList(file);
  return cpuMs() - began;
}

/** CPU time of this process: what other processes take of a busy machine is not ours. */
function repeated(work: () => boolean): number {
  const began = cpuMs();
  for (let i = 0; i < LISTS; i++) if (!work()) throw new Error("the signature does not verify");
  return cpuMs() - began;
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const KEYS = Array.from({ length: 5 }, () => generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey);
const VALID = { notBefore: new Date("2024-01-01T00:00:00Z"), notAfter: new Date("2044-01-01T00:00:00Z") };

function listOfFive(digest: "sha1" | "sha512") {
  const identities = KEYS.map((key, i) =>
    issue({ subject: [["CN", `cucm-${i}`], ["OU", "Voice"], ["O", "Example"], ["C", "PL"]], key, ...VALID }),
  ); // biome-ignore format: one name
  const roles = [Role.SAST, Role.CCM_TFTP, Role.SAST, Role.TVS, Role.CAPF];
  const signer = identities[0]!;
  const file = buildTrustList({
    kind: "CTL",
    signer: signer.certificate,
    privateKey: signer.key,
    digest,
    timestamp: new Date(0),
    records: identities.map(({ certificate }, i) => ({
      certificate,
      role: roles[i]!,
      dnsName: `cucm-${i}`,
      ipAddress: "10.0.0.1",
    })),
  });
  return { file, key: signer.certificate.publicKey };
}

const QUESTIONS = 100;

/** The server is in this process and writes its trace, so a question costs more than a client alone would see. */
async function askTvs(rounds: number): Promise<void> {
  const account = { username: "bench", password: "bench" };
  const cluster = { platform: account, application: account };
  const lab = await startClusters({
    clusters: {
      source: { version: "10.5.2.11900-3", ...cluster },
      destination: { version: "11.0.1.10000-10", ...cluster },
    },
    network: `127.${randomInt(64, 250)}`,
    pki: join(tmpdir(), `phone-migration-keys-${userInfo().uid}`),
    phones: [],
  });
  try {
    const address = lab.ready.tftp.source[0]!;
    const { tvs: port, tftpHttp } = lab.ready.source.ports;
    const response = await fetch(`http://${address}:${tftpHttp}/ITLFile.tlv`);
    const asked = findSigner(parseTrustList(Buffer.from(await response.arrayBuffer())))!.certificate!;
    const own = await handshake(address, port);
    const tvs = new Tvs(
      { cluster: "source", address, names: [] },
      { port, cryptography: MODERN, client: null, timeoutMs: 30_000 },
      () => {},
    );
    const signal = new AbortController().signal;
    const ways: { readonly way: string; readonly run: () => Promise<unknown>; readonly times: number[] }[] = [
      { way: "bare TLS handshakes", run: () => inTurn(() => handshake(address, port)), times: [] },
      {
        way: "questions, a connection each",
        run: () => inTurn(() => tvs.ask(asked, [own.sha256], signal)),
        times: [],
      },
      {
        way: "questions on one connection",
        run: async () => {
          const all = Array<Certificate>(QUESTIONS).fill(asked);
          for await (const { answer } of tvs.askEach("query", all, [own.sha256], signal))
            if (answer.kind !== "vouched") throw new Error("the lab's TVS does not know its own signer");
        },
        times: [],
      },
    ];
    for (let round = -1; round < rounds; round++) {
      for (const { run, times } of ways) {
        const began = performance.now();
        await run();
        if (round >= 0) times.push(performance.now() - began);
      }
    }
    console.log(`The lab's TVS, ${QUESTIONS} in turn, medians of ${rounds} rounds`);
    for (const { way, times } of ways) {
      const ratio = median(times.map((time, i) => ways[0]!.times[i]! / time));
      const perSecond = (1000 * QUESTIONS) / median(times);
      row(way, median(times), `${perSecond.toFixed(0)} a second, ${ratio.toFixed(2)} of bare`);
    }
  } finally {
    await lab.close();
  }
}

async function inTurn(work: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < QUESTIONS; i++) await work();
}

/** The certificate that the server shows. Nothing is sent to it, so nothing need be known of it. */
async function handshake(host: string, port: number): Promise<Certificate> {
  const socket = connect({ host, port, rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const { raw } = socket.getPeerCertificate();
  socket.destroy();
  return Certificate.fromDer(raw);
}
