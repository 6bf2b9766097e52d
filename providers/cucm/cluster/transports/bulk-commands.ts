/** `set cert bulk ...` of a publisher (Cisco's CLI reference). What it prints is shown, never believed. */
import type { BulkStep } from "../cluster";
import { SFTP_ANSWERS, type SftpAnswer, type SftpServer, type Spellings } from "../config";
import { type Endpoint, excerpt, failure } from "../failure";
import { linesToSet } from "../lines-to-set";
import { confirming, type Reply } from "./cli";
import { confirmation } from "./cli-text";
import type { CliChannel } from "./wire";

/** Longest silence of a step: every node's certificates travel, and nobody says how long that takes. */
const STEP_MS = 600_000;
/** Each answer twice, and two confirmations. */
const QUESTIONS = 2 * SFTP_ANSWERS.length + 2;

export class BulkCommands {
  /** What the publisher was told here may stand in whatever it says later. */
  #secrets: readonly string[] = [];

  constructor(
    private readonly cli: CliChannel,
    private readonly at: Endpoint,
    private readonly spellings: Spellings,
    private readonly timeoutMs: number,
  ) {}

  /** Tells the publisher its SFTP server. @returns what the CLI said in the end, for people */
  async sftp(server: SftpServer, signal: AbortSignal): Promise<string> {
    const { bulkSftpOrder } = this.spellings;
    const dialogue = new Dialogue(server, bulkSftpOrder);
    const line = "set cert bulk sftp";
    this.#secrets = [server.credentials.password];
    const answer = await this.cli
      .run(
        {
          line,
          write: true,
          timeoutMs: this.timeoutMs,
          reply: dialogue.reply,
          questions: QUESTIONS,
          secrets: this.#secrets,
        },
        signal,
      )
      .catch((error) => {
        if (error.kind !== "timeout") throw error;
        throw failure(
          this.at,
          "timeout",
          `The CLI of ${this.at.address} asks "${line}" something that is not understood`,
          `${error.detail} Nothing was exported. ${this.#order()}`,
        );
      });
    const missing = dialogue.notAsked();
    if (missing.length === 0) return excerpt(answer);
    throw failure(
      this.at,
      "refused",
      `The CLI of ${this.at.address} does not take an SFTP server`,
      `"${line}" did not ask for ${missing.join(", ")} and answered: ${excerpt(answer) || "(nothing)"}. ` +
        `Nothing was exported. ${this.#order()}`,
    );
  }

  /** Only whoever looks can know it. */
  #order(): string {
    return (
      "Type the command at the CLI, see in which order it asks for these, and put them in that order. " +
      linesToSet(this.at.cluster, [{ spellings: { bulk_sftp_order: SFTP_ANSWERS } }])
    );
  }

  /** Returns when the prompt is back. @returns what the CLI said, for people */
  async step(step: BulkStep, signal: AbortSignal): Promise<string> {
    const unit = this.spellings.bulkUnit;
    if (!/^[\w-]+$/.test(unit))
      throw failure(
        this.at,
        "configuration",
        `Not an argument that the CLI of ${this.at.address} can be given`,
        `spellings.bulk_unit is ${JSON.stringify(unit)}.`,
      );
    const answer = await this.cli.run(
      {
        line: `set cert bulk ${step} ${unit}`,
        write: true,
        reply: confirming,
        timeoutMs: STEP_MS,
        secrets: this.#secrets,
      },
      signal,
    );
    return excerpt(answer);
  }
}

/**
 * What a question asks for, by its words; the first that fits. "SFTP server port" is about the port, "User ID" no
 * address.
 */
const WORDS: readonly (readonly [SftpAnswer, RegExp])[] = [
  ["password", /pass\s?(word|phrase|code)|secret/i],
  ["directory", /director|folder|path/i],
  ["port", /\bport\b/i],
  ["user", /user|log[io]n|account/i],
  ["address", /\bip\b|address|host|server/i],
];

/** Answers each question once, by its words or by the order that is set. */
export class Dialogue {
  readonly #asked: SftpAnswer[] = [];
  /** Line of the last question, how it stood there, and what was typed. */
  #last = { line: 0, question: "", typed: "" };

  constructor(
    private readonly server: SftpServer,
    private readonly order: readonly SftpAnswer[],
  ) {}

  readonly reply: Reply = (tail) => {
    const lines = tail.split("\n");
    const question = lines.at(-1)!;
    const asked = lines.length > this.#last.line ? question : this.#behindAnswer(question);
    const answer = asked === null ? null : this.#answer(asked);
    if (answer === null) return null;
    this.#last = { line: lines.length, question, typed: answer };
    return `${answer}\n`;
  };

  /**
   * A terminal that shows nothing of a password may not end its line either: what follows is then the next question,
   * unless it is the answer itself. Words alone would be too weak a sign: an answer may have them.
   */
  #behindAnswer(line: string): string | null {
    if (this.order.length === 0 || !line.startsWith(this.#last.question)) return null;
    const behind = line.slice(this.#last.question.length);
    return this.#last.typed.startsWith(behind.trim()) ? null : behind;
  }

  /** A release may know a port, or not. */
  notAsked(): readonly SftpAnswer[] {
    return SFTP_ANSWERS.filter(
      (each) => !this.#asked.includes(each) && !(each === "port" && this.server.port === 22),
    );
  }

  #answer(question: string): string | null {
    if (!/[:?>\])=][ \t]*$/.test(question)) return null;
    const inTurn = this.order[this.#asked.length];
    const confirmed = confirmation(question);
    if (confirmed !== null && (this.order.length === 0 || inTurn === undefined)) return confirmed;
    const kind = this.order.length > 0 ? inTurn : WORDS.find(([, words]) => words.test(question))?.[0];
    if (kind === undefined) return null;
    this.#asked.push(kind);
    return this.#value(kind);
  }

  #value(kind: SftpAnswer): string {
    const { address, port, directory, credentials } = this.server;
    return {
      address,
      port: `${port}`,
      directory,
      user: credentials.username,
      password: credentials.password,
    }[kind];
  }
}
