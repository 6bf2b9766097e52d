/** The data source around the examination, of a cluster that nothing answers for. */
import { makeCucmProvider } from "../../../../providers/cucm/provider";
import { createProviderServer } from "../../../../providers/framework/server/create-provider-server";
import { linesOf, recordingLog } from "../../framework/server/fixture";
import { complete, SECRET, SECRETS } from "../fake-core";

const PORTS = { ssh: 1, https: 1, tftp_http: 1, tvs: 1, phone_http: 1, platform: 1 };

async function read(config: { readonly cluster: string; readonly record?: boolean }) {
  Object.assign(process.env, SECRETS);
  const provider = makeCucmProvider(() => {
    throw new Error("it makes its own connections");
  });
  const server = createProviderServer(provider, { log: recordingLog().log });
  const { signal } = new AbortController();
  const clusters = { source: { publisher: "127.0.0.1", ports: PORTS } };
  await server.configureProvider({ config: complete(provider.attributes, { clusters }), signal });
  const type = "cucm_assumptions";
  const { attributes } = provider.dataSources.find((one) => one.type === type)!;
  const answer = await server.readDataSource({ type, config: complete(attributes, config), signal });
  return { state: answer.state as never, said: linesOf(answer.diagnostics) };
}

interface State {
  readonly findings: readonly { readonly verdict: string; readonly detail: string }[];
  readonly transcript: string | null;
}

test("what cannot be read is a finding and no error", async () => {
  const { state, said } = await read({ cluster: "source" });
  const { findings, transcript } = state as State;
  expect(said).toEqual([]);
  expect(new Set(findings.map(({ verdict }) => verdict))).toEqual(new Set(["unknown", "not tried"]));
  expect(findings.some(({ detail }) => detail.includes("Cannot reach AXL"))).toBe(true);
  expect(transcript).toBeNull();
});

test("a transcript is given on request, and has no secret", async () => {
  const { state } = await read({ cluster: "source", record: true });
  const { transcript } = state as State;
  expect(JSON.parse(transcript!)).toMatchObject({ format: 1, release: null, nodes: [{ node: "node-1" }] });
  expect(transcript).not.toContain(SECRET);
  expect(transcript).not.toContain("127.0.0.1");
});

test("a cluster that is not declared is an error", async () => {
  expect((await read({ cluster: "third" })).said).toEqual([expect.stringContaining('No cluster "third"')]);
});
