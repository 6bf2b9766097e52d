import {
  DEFAULT_SPELLINGS,
  type SftpServer,
  type Spellings,
} from "../../../../../providers/cucm/cluster/config";
import { RefusedCredentials } from "../../../../../providers/cucm/cluster/refused-credentials";
import { BulkCommands, Dialogue } from "../../../../../providers/cucm/cluster/transports/bulk-commands";
import { Cli } from "../../../../../providers/cucm/cluster/transports/cli";
import { withoutBeginning, withoutSecrets } from "../../../../../providers/cucm/cluster/transports/cli-text";
import { MODERN } from "../../../../../providers/cucm/cluster/transports/cryptography";
import { CliServer, type Terminal } from "../fakes/cli-server";
import { AT, failureOf, HOST_PIN, live, PLATFORM } from "../fakes/setup";

const PASSWORD = "xch:s3cret?";
const SERVER: SftpServer = {
  name: "exchange",
  address: "10.1.0.9",
  port: 2222,
  directory: "/cucm/exchange",
  hostKeys: [],
  credentials: { username: "cert-user", password: PASSWORD },
};

describe("a question is answered by what it asks for", () => {
  const answerTo = (question: string) => new Dialogue(SERVER, []).reply(`set cert bulk sftp\n${question}`);
  test.each([
    ["SFTP server IP: ", SERVER.address],
    ["Enter the host name or IP address of the SFTP server:", SERVER.address],
    ["Server? ", SERVER.address],
    ["SFTP server port [22]: ", "2222"],
    ["User ID: ", "cert-user"],
    ["SFTP server user name : ", "cert-user"],
    ["Login name> ", "cert-user"],
    ["Password for this user : ", PASSWORD],
    ["Enter passphrase=", PASSWORD],
    ["Upload directory: ", SERVER.directory],
    ["Path on the SFTP server: ", SERVER.directory],
    ["Save (y/n)? ", "y"],
    ["Do you want to continue (yes|no)? ", "yes"],
  ])("%s", (question, answer) => expect(answerTo(question)).toBe(`${answer}\n`));

  test.each(["Connecting to the SFTP server", "SFTP server IP: 10.1", "Colour: ", "Password: \n", ""])(
    "%j is none",
    (question) => expect(answerTo(question)).toBeNull(),
  );

  test("what is echoed behind it is not the next one, and the same question on a new line is", () => {
    const dialogue = new Dialogue(SERVER, []);
    expect(dialogue.reply("x\nPassword: ")).toBe(`${PASSWORD}\n`);
    for (const echoed of ["x\nPassword: xch:", `x\nPassword: ${PASSWORD}`])
      expect(dialogue.reply(echoed)).toBeNull();
    expect(dialogue.reply(`x\nPassword: ${PASSWORD}\nPassword again: `)).toBe(`${PASSWORD}\n`);
  });

  test("or by the order that is set", () => {
    const dialogue = new Dialogue(SERVER, ["directory", "password"]);
    expect(dialogue.reply("x\n1) ")).toBe(`${SERVER.directory}\n`);
    expect(dialogue.reply("x\n1) a\n2) ")).toBe(`${PASSWORD}\n`);
    expect(dialogue.reply("x\n1) a\n2) b\nSave (y/n)? ")).toBe("y\n");
    expect(dialogue.notAsked()).toEqual(["address", "port", "user"]);
  });

  test("or by the order, where the terminal does not end the line of a hidden password", () => {
    const dialogue = new Dialogue(SERVER, ["password", "directory", "user"]);
    expect(dialogue.reply("x\nPassword: ")).toBe(`${PASSWORD}\n`);
    for (const echoed of ["", "xch:", PASSWORD]) expect(dialogue.reply(`x\nPassword: ${echoed}`)).toBeNull();
    expect(dialogue.reply("x\nPassword: ***: ")).toBe(`${SERVER.directory}\n`);
    expect(dialogue.reply("x\nPassword: ***: /cucm/exchange\nUser: ")).toBe("cert-user\n");
    expect(dialogue.reply("x\nPassword: ***: /cucm/exchange\nUser: Save (y/n)? ")).toBe("y\n");
    const words = new Dialogue(SERVER, []);
    words.reply("x\nPassword: ");
    expect(words.reply("x\nPassword: Directory: ")).toBeNull();
  });

  test("a release that knows no port is right where it is the usual one", () => {
    expect(new Dialogue({ ...SERVER, port: 22 }, []).notAsked()).not.toContain("port");
  });
});

describe("secrets in what a terminal shows", () => {
  test("are taken out wherever they stand, wrapped ones too", () => {
    expect(withoutSecrets("a s3cret b s3c\nret", ["s3cret"])).toBe("a *** b ***");
    expect(withoutSecrets("a.c abc", ["a.c"])).toBe("*** abc");
  });
  test("and their beginning at the end", () => {
    expect(withoutBeginning("Password: s3cr", ["s3cret"])).toBe("Password: ***");
    expect(withoutBeginning("Password: s3cr\n", ["s3cret"])).toBe("Password: ***");
    expect(withoutBeginning("Password: none", ["s3cret"])).toBe("Password: none");
  });
});

describe("at a CLI", () => {
  let server: CliServer;
  let cli: Cli;
  const logged: string[] = [];
  async function start(answer: (line: string, terminal: Terminal) => Promise<string | undefined>) {
    server = await CliServer.start({ answer });
    cli = new Cli(
      {
        endpoint: AT,
        port: server.port,
        credentials: PLATFORM,
        refused: new RefusedCredentials(),
        hostKeys: [HOST_PIN],
        cryptography: MODERN,
      },
      (line, fields) => logged.push(`${line} ${JSON.stringify(fields)}`),
    );
  }
  const commands = (changes: Partial<Spellings> = {}, timeoutMs = 3000) =>
    new BulkCommands(cli, AT, { ...DEFAULT_SPELLINGS, ...changes }, timeoutMs);
  const asks =
    (...questions: readonly string[]) =>
    async (_line: string, terminal: Terminal) => {
      const answers: string[] = [];
      for (const question of questions) {
        terminal.print(question);
        answers.push(await terminal.line());
      }
      return `\nStored: ${answers.join(" ")}\n`;
    };
  afterEach(async () => {
    cli.close();
    await server.stop();
    expect(logged.join("\n")).not.toContain(PASSWORD);
    logged.length = 0;
  });

  it("tells the publisher its server; the password that it repeats is in no answer or log", async () => {
    await start(asks("User ID: ", "Password: ", "Host: ", "Port [22]: ", "Directory: ", "Save (y/n)? "));
    expect(await commands().sftp(SERVER, live())).toMatch(
      /Password: \*\*\* Host: .* Stored: cert-user \*\*\* 10.1.0.9 2222 \/cucm\/exchange y$/,
    );
    expect(logged.join()).toContain("***");
  });

  it("says what was not asked for", async () => {
    await start(asks("User ID: ", "Password: ", "Host: "));
    const error = await failureOf(commands().sftp(SERVER, live()));
    expect(error).toMatchObject({ kind: "refused" });
    expect(error.detail).toMatch(
      /did not ask for port, directory and answered: .* Stored: cert-user \*\*\* 10.1.0.9/,
    );
    expect(error.message).not.toContain(PASSWORD);
  });

  it("says what it does not understand, and the setting for it, without the password that was echoed", async () => {
    await start(asks("Password: ", "Colour: "));
    const error = await failureOf(commands({}, 400).sftp(SERVER, live()));
    expect(error.summary).toMatch(/asks "set cert bulk sftp" something that is not understood$/);
    expect(error.detail).toMatch(/Password: \*\*\* Colour: .*spellings = { bulk_sftp_order = /s);
    expect(error.message).not.toContain(PASSWORD);
  });

  it("a terminal that does not end the line of a hidden password is understood with the order that the error names", async () => {
    await start(async (_line, terminal) => {
      terminal.print("Host: ");
      await terminal.line();
      terminal.echo = false;
      for (const question of ["Password: ", "User: ", "Directory: "]) {
        terminal.print(question);
        await terminal.line();
      }
      terminal.echo = true;
      return "Stored\n";
    });
    const usual = { ...SERVER, port: 22 };
    const error = await failureOf(commands({}, 400).sftp(usual, live()));
    expect(error.detail).toMatch(/Password: User: Nothing was exported.*bulk_sftp_order = \[/s);
    const order = ["address", "password", "user", "directory"] as const;
    expect(await commands({ bulkSftpOrder: [...order] }).sftp(usual, live())).toMatch(/Stored$/);
  });

  it("a session that ends in the middle of the echo shows nothing of the password", async () => {
    await start(async (_line, terminal) => {
      terminal.echo = false;
      terminal.print("Password: ");
      await terminal.line();
      terminal.print(PASSWORD.slice(0, 7));
      setTimeout(() => terminal.hangUp(), 50);
      return new Promise(() => {});
    });
    const error = await failureOf(commands().sftp(SERVER, live()));
    expect(error.summary).toMatch(/ended in the middle of a command/);
    expect(error.message).toContain("Password: ***");
    expect(error.message).not.toContain(PASSWORD.slice(0, 3));
  });

  it("does not go on answering for ever", async () => {
    await start(asks(...Array.from({ length: 30 }, () => "Password: ")));
    const error = await failureOf(commands().sftp(SERVER, live()));
    expect(error.summary).toMatch(/keeps asking/);
    expect(error.message).not.toContain(PASSWORD);
  });

  it("runs the steps with the unit that is set, and believes nothing that is said", async () => {
    await start(async (line) => `Error: ${line} failed\n`);
    const bulk = commands({ bulkUnit: "all" });
    for (const step of ["export", "consolidate", "import"] as const)
      expect(await bulk.step(step, live())).toBe(`Error: set cert bulk ${step} all failed`);
    expect(server.commands).toEqual(
      ["export", "consolidate", "import"].map((step) => `set cert bulk ${step} all`),
    );
    expect((await failureOf(commands({ bulkUnit: "all; x" }).step("export", live()))).kind).toBe(
      "configuration",
    );
  });
});
