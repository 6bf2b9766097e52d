/** `phone-migration status` from another terminal, while a deploy holds the state's lock. */
import { cores } from "../../../providers/framework/testing/core";
import { expectError } from "../../../providers/framework/testing/expect";
import { Workspace } from "../../../providers/framework/testing/workspace";
import { run } from "../../cli/command";
import { HQ, hosted, PILOT, twoClusters } from "./two-clusters";

let host: Awaited<ReturnType<typeof hosted>>;
beforeAll(async () => {
  host = await hosted();
});
afterAll(() => host.close());

const { env } = process;
afterEach(() => {
  process.env = env;
});

const wave = (phones: readonly string[], registered_on: string, depends_on: readonly string[] = []) => ({
  source: "source",
  destination: "destination",
  phones,
  registered_on,
  limits: { settle_time: 0, timeout: 30 },
  depends_on,
});
const declaration = (word: string) => ({
  provider: {
    cucm: { clusters: { source: { publisher: "127.1.10.11" }, destination: { publisher: "127.1.20.11" } } },
  },
  resource: {
    cucm_phone_registration: {
      pilot: wave([PILOT], word),
      hq: wave(HQ, word, ["cucm_phone_registration.pilot"]),
    },
  },
});

test.each(cores())(
  "during an apply, with $name",
  async (core) => {
    const { source, fleet } = twoClusters();
    const workspace = new Workspace({ core, providers: host.providers });
    try {
      workspace.configure(declaration("source"));
      await workspace.run(["init", "-input=false"]);
      await workspace.apply();

      // The reset of the last phone takes until it is let go.
      let letGo = () => {};
      const held = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      const asked = new Promise<void>((resolve) => {
        const reset = source.resetPhone.bind(source);
        source.resetPhone = async (name, op) => {
          if (name === HQ[2]) {
            resolve();
            await held;
          }
          return reset(name, op);
        };
      });
      fleet.serves = "destination";
      workspace.configure(declaration("destination"));
      const deploy = workspace.apply();
      await asked;

      process.env = { ...env, ...workspace.environment(), TERRAFORM_BINARY_NAME: core.binary };
      const status = () => run("status", "--folder", workspace.folder, "--json");
      const [during] = await Promise.all([status(), expectError(workspace.plan(), /state lock/)]);
      letGo();
      expect(during.err).toContain("Not deployed as declared: hq.");
      expect(during.status).toBe(1);
      const { waves, unread } = JSON.parse(during.out);
      expect(unread).toEqual([]);
      expect(waves).toMatchObject([
        { name: "hq", declared: "destination", state: "source" },
        {
          name: "pilot",
          declared: "destination",
          state: "destination",
          counts: { destination: 1 },
          stragglers: [],
        },
      ]);
      expect(waves[0].stragglers.map(({ name }: { name: string }) => name)).toContain(HQ[2]);

      await deploy;
      const after = await status();
      expect(after.err).not.toContain("phone-migration:");
      expect(after.status).toBe(0);
      expect(JSON.parse(after.out).waves[0].counts).toEqual({ source: 0, destination: 3, missing: 0 });
    } finally {
      workspace.remove();
    }
  },
  120_000,
);
