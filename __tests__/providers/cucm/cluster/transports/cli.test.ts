import { DEFAULT_SPELLINGS, type Spellings } from "../../../../../providers/cucm/cluster/config";
import { RefusedCredentials } from "../../../../../providers/cucm/cluster/refused-credentials";
import { CertificateCommands } from "../../../../../providers/cucm/cluster/transports/certificate-commands";
import { Cli, confirming } from "../../../../../providers/cucm/cluster/transports/cli";
import { MODERN } from "../../../../../providers/cucm/cluster/transports/cryptography";
import { type CliOptions, CliServer, type Terminal } from "../fakes/cli-server";
import { identity } from "../fakes/identities";
import { AT, failureOf, HOST_PIN, live, PLATFORM } from "../fakes/setup";
import { IMPORTED, LIST_OWN, LIST_TRUST, LOGIN, shown } from "../fakes/transcripts";

let server: CliServer;
let cli: Cli;
const logged: string[] = [];
const { certificate } = identity("cucm-dest-pub");

async function start(
  options: CliOptions = {},
  changes: {
    hostKeys?: readonly string[];
    password?: string;
    times?: ConstructorParameters<typeof Cli>[2];
  } = {},
) {
  server = await CliServer.start(options);
  cli = new Cli(
    {
      endpoint: AT,
      port: server.port,
      credentials: { username: PLATFORM.username, password: changes.password ?? PLATFORM.password },
      refused: new RefusedCredentials(),
      hostKeys: changes.hostKeys ?? [HOST_PIN],
      cryptography: MODERN,
    },
    (line, fields) => logged.push(`${line} ${JSON.stringify(fields)}`),
    changes.times,
  );
}
const commands = (changes: Partial<Spellings> = {}, timeoutMs = 3000) =>
  new CertificateCommands(cli, AT, { ...DEFAULT_SPELLINGS, ...changes }, timeoutMs);
const run = (line: string, timeoutMs = 3000) => cli.run({ line, timeoutMs }, live());

afterEach(async () => {
  cli.close();
  await server.stop();
  expect(logged.join("\n")).not.toContain(PLATFORM.password);
  logged.length = 0;
});

describe("identity and login", () => {
  it("accepts the configured host key, and answers keyboard-interactive", async () => {
    await start({ answer: async () => "12.5\n" });
    expect(await run("show version active")).toBe("12.5");
    expect(server.attempts).toEqual([{ method: "keyboard-interactive", secret: "secret" }]);
  });

  it("accepts a fingerprint with padding", async () => {
    await start({ answer: async () => "12.5\n" }, { hostKeys: ["SHA256:other", `${HOST_PIN}=`] });
    expect(await run("show version active")).toBe("12.5");
  });

  it("sends nothing to another host key, and prints both", async () => {
    await start({}, { hostKeys: ["SHA256:AAAA"] });
    const error = await failureOf(run("show version active"));
    expect(error.kind).toBe("identity");
    expect(error.detail).toContain(HOST_PIN);
    expect(error.detail).toContain("SHA256:AAAA");
    expect(server.attempts).toEqual([]);
  });

  it("sends nothing without a configured host key, and prints the line to add", async () => {
    await start({}, { hostKeys: [] });
    const error = await failureOf(run("show version active"));
    expect(error.kind).toBe("identity");
    expect(error.detail).toContain(`identities = { "127.0.0.1" = { ssh_sha256 = ["${HOST_PIN}"] } }`);
    expect(server.attempts).toEqual([]);
  });

  it("uses password authentication where that is all there is", async () => {
    await start({ methods: ["password"], answer: async () => "ok\n" });
    expect(await run("show version active")).toBe("ok");
  });

  it("tries a wrong password once only: accounts get locked", async () => {
    await start({ methods: ["keyboard-interactive", "password"] }, { password: "not-the-one" });
    const error = await failureOf(run("show version active"));
    expect(error.kind).toBe("credentials");
    expect(error.message).not.toContain("not-the-one");
    expect(server.attempts).toHaveLength(1);
  });

  it("does not give the password to a request for a new one", async () => {
    await start({ prompts: ["Password has expired. New password: "] });
    const error = await failureOf(run("show version active"));
    expect(error.kind).toBe("credentials");
    expect(error.detail).toContain("has it expired?");
    expect(server.attempts).toEqual([{ method: "keyboard-interactive", secret: "" }]);
  });

  it("says that nothing listens", async () => {
    await start();
    await server.stop();
    const error = await failureOf(run("show version active"));
    expect(error.kind).toBe("unreachable");
    expect(error.summary).toContain("SSH");
    expect(error.summary).toContain("127.0.0.1");
  });
});

describe("commands", () => {
  it("waits for a CLI that starts slowly", async () => {
    await start({ startDelayMs: 700, banner: LOGIN, answer: async () => LIST_OWN });
    expect(await run("show cert list own")).toBe(LIST_OWN.trim());
  });

  it("runs one at a time in one session", async () => {
    let inside = 0;
    await start({
      answer: async (line) => {
        expect(++inside).toBe(1);
        await new Promise((resolve) => setTimeout(resolve, 20));
        inside--;
        return `answer to ${line}\n`;
      },
    });
    const answers = await Promise.all(["show a", "show b", "show c"].map((line) => run(line)));
    expect(answers).toEqual(["answer to show a", "answer to show b", "answer to show c"]);
    expect(server.sessions).toBe(1);
  });

  it("pages on where pagination cannot be turned off, and copes with VT100", async () => {
    await start({
      answer: async (_line, terminal) => {
        terminal.raw("one\r\n\u001b[7m--More--\u001b[0m");
        terminal.echo = false;
        await terminal.until(/ /);
        terminal.raw("\r        \rtwo\r\n<--- More --->");
        await terminal.until(/ /);
        terminal.echo = true;
        return "\rthree\n";
      },
    });
    expect((await run("show itl")).split(/\s+/)).toEqual(["one", "two", "three"]);
  });

  it("refuses endless output", async () => {
    await start({
      answer: async (_line, terminal) => {
        for (let i = 0; i < 18; i++) terminal.raw("x".repeat(1024 * 1024));
        return "\n";
      },
    });
    const error = await failureOf(run("show everything"));
    expect(error.kind).toBe("answer");
    expect(error.summary).toContain("too much");
  });

  it("does not wait for ever for what drips", async () => {
    await start({
      answer: (_line, terminal) => {
        const drip = setInterval(() => terminal.raw("."), 50);
        setTimeout(() => clearInterval(drip), 10_000).unref();
        return new Promise(() => {});
      },
    });
    const error = await failureOf(run("show slowly", 200));
    expect(error.kind).toBe("timeout");
    expect(error.summary).toContain("does not come to an end");
  });

  it("gives up on silence, and starts afresh with the next command", async () => {
    await start({ answer: async (line) => (line === "show never" ? new Promise(() => {}) : "ok\n") });
    const error = await failureOf(run("show never", 300));
    expect(error.kind).toBe("timeout");
    expect(error.detail).toContain('the end of "show never"');
    expect(await run("show other")).toBe("ok");
    expect(server.sessions).toBe(2);
  });

  it("waits once for a CLI that never prompts, for all who ask", async () => {
    await start({ startDelayMs: 3000 }, { times: { start: 300, slow: 200, hung: 60_000 } });
    const asked = ["show a", "show b", "show c"].map((line) => failureOf(run(line)));
    const [first, ...others] = [...(await Promise.all(asked)), await failureOf(run("show d"))];
    expect(first).toMatchObject({ kind: "timeout", summary: "The CLI of 127.0.0.1 does not answer" });
    expect(new Set(others)).toEqual(new Set([first]));
    expect(server.sessions).toBe(1);
  });

  it("tries again once a hung start is a while ago", async () => {
    await start({ startDelayMs: 3000 }, { times: { start: 100, slow: 0, hung: 0 } });
    for (const line of ["show a", "show b"]) expect((await failureOf(run(line))).kind).toBe("timeout");
    expect(server.sessions).toBe(2);
  });

  it("remembers in the same way a start that went wrong after a long while", async () => {
    await start({ startDelayMs: 3000 }, { times: { start: 60_000, slow: 100, hung: 60_000 } });
    const first = failureOf(run("show a"));
    while (server.sessions === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    setTimeout(() => server.drop(), 150);
    expect(await first).toMatchObject({ kind: "unreachable", summary: "The CLI session on 127.0.0.1 ended" });
    expect(await failureOf(run("show b"))).toBe(await first);
    expect(server.sessions).toBe(1);
  });

  it("tries again at once after a start that failed quickly", async () => {
    await start({ startDelayMs: 300, answer: async () => "ok\n" });
    const first = failureOf(run("show a"));
    while (server.sessions === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    server.drop();
    expect(await first).toMatchObject({ kind: "unreachable", summary: "The CLI session on 127.0.0.1 ended" });
    expect(await run("show b")).toBe("ok");
  });

  it("does not hold against others that one was cancelled while the CLI started", async () => {
    await start({ startDelayMs: 400, answer: async () => "ok\n" });
    const cancel = new AbortController();
    const given = cli.run({ line: "show a", timeoutMs: 3000 }, cancel.signal);
    setTimeout(() => cancel.abort(), 50);
    expect((await failureOf(given)).kind).toBe("cancelled");
    expect(await run("show b")).toBe("ok");
  });

  it("opens a new session when a kept one was ended meanwhile", async () => {
    await start({ answer: async () => "ok\n" });
    await run("show a");
    server.drop();
    expect(await run("show b")).toBe("ok");
    expect(server.sessions).toBe(2);
  });

  it("repeats a read whose kept session broke off, but not one that breaks off every time", async () => {
    let cuts = 1;
    await start({
      answer: async (line, terminal) => {
        if (line === "show a" || cuts-- <= 0) return "ok\n";
        terminal.hangUp();
        return new Promise(() => {});
      },
    });
    await run("show a");
    expect(await run("show b")).toBe("ok");
    cuts = 99;
    const error = await failureOf(run("show c"));
    expect(error.kind).toBe("unreachable");
    expect(error.summary).toContain("ended");
  });

  it("sees a prompt behind output that does not end its line", async () => {
    await start({ answer: async () => "the sysadmin: is away, ask " });
    expect(await run("show a")).toBe("the sysadmin: is away, ask");
  });

  it("sees a prompt where the command is not echoed", async () => {
    await start({
      answer: async (_line, terminal) => {
        terminal.echo = false;
        return "ok\n";
      },
    });
    await run("show a");
    expect(await run("show b")).toBe("ok");
  });

  it("does not take an earlier command's late prompt for its own end", async () => {
    await start({
      answer: async (line, terminal) => {
        // What a superfluous line feed after a paste does.
        if (line === "set a") setTimeout(() => terminal.print("\nadmin:"), 30);
        if (line === "show b") await new Promise((resolve) => setTimeout(resolve, 100));
        return `answer to ${line}\n`;
      },
    });
    await run("set a");
    expect(await run("show b")).toContain("answer to show b");
  });

  it("can be cancelled while it waits", async () => {
    await start({ answer: () => new Promise(() => {}) });
    const cancel = new AbortController();
    const waiting = cli.run({ line: "show never", timeoutMs: 60_000 }, cancel.signal);
    setTimeout(() => cancel.abort(), 200);
    expect((await failureOf(waiting)).kind).toBe("cancelled");
  });
});

describe("reading certificates", () => {
  it("lists, and shows what is listed", async () => {
    await start({
      answer: async (line) =>
        ({
          "show cert list own": LIST_OWN,
          "show cert list trust": LIST_TRUST,
          "show cert trust CallManager-trust/CAPF-36205338.pem": shown(certificate.pem),
        })[line] ?? "unknown command\n",
    });
    expect(await commands().list("own", live())).toHaveLength(7);
    const listed = await commands().list("trust", live());
    const found = await commands().show("trust", listed[1]!, live());
    expect(found?.sha256).toBe(certificate.sha256);
  });

  it("tells a file that is gone from an answer that cannot be understood", async () => {
    await start({
      answer: async (line) => (line === "show cert list trust" ? LIST_TRUST : "Error reading certificate\n"),
    });
    const gone = await commands().show("trust", { unit: "CallManager-trust", file: "gone.pem" }, live());
    expect(gone).toBeNull();
    const error = await failureOf(
      commands().show("trust", { unit: "CallManager-trust", file: "CAPF-36205338.pem" }, live()),
    );
    expect(error.kind).toBe("answer");
    expect(error.detail).toContain("Error reading certificate");
  });

  it("does not take an error for an empty list", async () => {
    await start({ answer: async () => "Executed command unsuccessfully\n" });
    const error = await failureOf(commands().list("trust", live()));
    expect(error.kind).toBe("answer");
    expect(error.detail).toContain("Executed command unsuccessfully");
  });

  it("types no file name that the CLI could misread", async () => {
    await start();
    const error = await failureOf(
      commands().show("trust", { unit: "CallManager-trust", file: "a.pem\nset cert delete" }, live()),
    );
    expect(error.kind).toBe("configuration");
    expect(server.commands).toEqual([]);
  });
});

describe("importing", () => {
  const END: { readonly [end in Spellings["pasteEnd"]]: RegExp } = {
    newline: /-----END CERTIFICATE-----\r?\n/,
    "empty-line": /\n\r?\n/,
    "ctrl-d": new RegExp(String.fromCharCode(4)),
  };
  let pasted = "";
  const importing =
    (end: Spellings["pasteEnd"], says = IMPORTED, unit = "CallManager") =>
    async (line: string, terminal: Terminal) => {
      if (line !== `set cert import trust ${unit}`) return "The unit is not valid\n";
      terminal.print("Paste the Certificate and Hit Enter\n");
      pasted = await terminal.until(END[end]);
      return says;
    };
  beforeEach(() => {
    pasted = "";
  });

  it.each(["newline", "empty-line", "ctrl-d"] as const)("ends the paste with %s", async (pasteEnd) => {
    await start({ answer: importing(pasteEnd) });
    const writer = commands({ pasteEnd });
    await writer.importTrust("CallManager-trust", certificate, live());
    expect(pasted).toContain(certificate.pem.replace(/\n-----END[\s\S]*/, ""));
    expect(writer.lastAnswer).toContain("Successfully imported certificate for CallManager.");
    expect(await run("show b")).toBe("The unit is not valid");
  });

  it("uses the unit that is configured for the store", async () => {
    const importUnit = { ...DEFAULT_SPELLINGS.importUnit, "Phone-SAST-trust": "Phone-SAST" };
    await start({ answer: importing("empty-line", IMPORTED, "Phone-SAST") });
    await commands({ importUnit }).importTrust("Phone-SAST-trust", certificate, live());
    expect(server.commands).toEqual(["set cert import trust Phone-SAST"]);
  });

  it("believes neither success nor failure from the text, but remembers it", async () => {
    await start({ answer: importing("empty-line", "Error: certificate already exists\n") });
    const writer = commands();
    await writer.importTrust("CallManager-trust", certificate, live());
    expect(writer.lastAnswer).toBe("Error: certificate already exists");
  });

  it("says which spelling to set when the CLI never asks for the certificate", async () => {
    await start({ answer: importing("newline") });
    const error = await failureOf(commands().importTrust("CAPF-trust", certificate, live()));
    expect(error.kind).toBe("refused");
    expect(error.detail).toContain('\n  spellings = { import_unit = { "CAPF-trust" = "CAPF-trust" } }\n');
    expect(error.detail).toContain('\n  certificate_transport = "web"\n');
    expect(error.detail).toContain("The unit is not valid");
  });

  it("says which spelling to set when the paste is never taken for ended", async () => {
    await start({ answer: importing("ctrl-d") });
    const writer = commands({ pasteEnd: "newline" }, 400);
    const error = await failureOf(writer.importTrust("CallManager-trust", certificate, live()));
    expect(error.kind).toBe("timeout");
    expect(error.detail).toContain('\n  spellings = { paste_end = "ctrl-d" }\n');
  });

  it("survives a superfluous line feed after the paste", async () => {
    await start({ answer: importing("newline") });
    const writer = commands({ pasteEnd: "empty-line" });
    for (let i = 0; i < 3; i++) await writer.importTrust("CallManager-trust", certificate, live());
    expect(server.commands).toHaveLength(3);
    expect(server.sessions).toBe(1);
  });

  it("answers a question after the paste", async () => {
    await start({
      answer: async (line, terminal) => {
        const answer = await importing("empty-line")(line, terminal);
        terminal.print("Do you want to continue (yes|no)? ");
        expect(await terminal.line()).toBe("yes");
        return `\n${answer}`;
      },
    });
    const writer = commands();
    await writer.importTrust("CallManager-trust", certificate, live());
    expect(writer.lastAnswer).toContain("Successfully imported");
  });

  it("does not repeat an import whose session broke off in the middle of the paste", async () => {
    await start({
      answer: async (line, terminal) => {
        if (line === "show a") return "ok\n";
        terminal.print("Paste the Certificate and Hit Enter\n");
        await terminal.until(/BEGIN CERTIFICATE/);
        terminal.hangUp();
        return new Promise(() => {});
      },
    });
    await run("show a");
    const error = await failureOf(commands().importTrust("CallManager-trust", certificate, live()));
    expect(error.kind).toBe("broken off");
    expect(error.detail).toContain("may or may not have been done");
    expect(server.commands.filter((line) => line.startsWith("set cert"))).toHaveLength(1);
  });
});

describe("deleting", () => {
  const LISTING = "show cert list trust";
  const LEFT = "tomcat-trust/cucm-pub.pem: Trust Certificate\n";

  it.each([
    ["set cert delete {store} {file}", "set cert delete CallManager-trust a_1f.pem"],
    ["set cert delete trust {unit} {file}", "set cert delete trust CallManager a_1f.pem"],
  ])("spells %j", async (deleteCommand, typed) => {
    await start({
      answer: async (line) => (line === LISTING ? LEFT : "Certificate deleted\n"),
    });
    await commands({ deleteCommand }).deleteTrust(
      { store: "CallManager-trust", file: "a_1f.pem", certificate },
      live(),
    );
    expect(server.commands).toEqual([typed, LISTING]);
  });

  it("that did not delete tells the other commands; one that did is not looked at again", async () => {
    let stored = true;
    await start({
      answer: async (line) => {
        if (line === LISTING) return `${LEFT}${stored ? "CAPF-trust/a_1f.pem: Trust Certificate\n" : ""}`;
        return line.startsWith("show cert trust")
          ? `]${certificate.pem}`
          : "Executed command unsuccessfully\n";
      },
    });
    const writer = commands({}, 1000);
    const entry = { store: "CAPF-trust", file: "a_1f.pem", certificate } as const;
    const error = await failureOf(writer.deleteTrust(entry, live()));
    expect(error).toMatchObject({
      kind: "refused",
      detail: expect.stringMatching(
        /unsuccessfully.*\n {2}spellings = \{ delete_command = "set cert delete \{unit\} \{file\}" \}\n/,
      ),
    });
    expect(error.detail).toContain(
      'delete_command = "set cert delete trust {unit} {file}", import_unit = { "CAPF-trust" = "CAPF-trust" }',
    );
    stored = false;
    await writer.deleteTrust(entry, live());
    const before = server.commands.length;
    await writer.deleteTrust(entry, live());
    expect(server.commands.slice(before)).toEqual(["set cert delete CAPF-trust a_1f.pem"]);
  });

  it.each([
    ["Are you sure (yes|no)? ", "yes"],
    ["Do you want to continue? (y/n):", "y"],
  ])("answers %j", async (question, answer) => {
    let heard = "";
    await start({
      answer: async (line, terminal) => {
        if (line === LISTING) return LEFT;
        terminal.print(question);
        heard = await terminal.line();
        return "\nDeleted\n";
      },
    });
    const writer = commands();
    await writer.deleteTrust({ store: "Phone-SAST-trust", file: "a_1f.pem", certificate }, live());
    expect(heard).toBe(answer);
    expect(writer.lastAnswer).toContain("Deleted");
  });

  it("stops answering a CLI that keeps asking", async () => {
    await start({
      answer: async (_line, terminal) => {
        for (;;) {
          terminal.print("\nReally continue (y/n)? ");
          await terminal.line();
        }
      },
    });
    const error = await failureOf(
      cli.run({ line: "set cert delete x", reply: confirming, write: true, timeoutMs: 2000 }, live()),
    );
    expect(error.summary).toContain("keeps asking");
  });
});
