import { BulkExchange } from "../../../../providers/cucm/cluster/bulk-exchange";
import { importInBulk } from "../../../../providers/cucm/cluster/bulk-import";
import { membershipKey } from "../../../../providers/cucm/cluster/membership";
import type { Certificate } from "../../../../trust/certificate";
import { certificateOf } from "../certificates";
import { FakeCluster } from "../fake-cluster";
import { FakeDirectory } from "../fake-directory";
import { EXCHANGE_SERVER, live } from "./fakes/setup";

it("says in the log that nothing of what was missing came, with the publisher's answer, where other things were there", async () => {
  const [source, destination] = [new FakeCluster("source"), new FakeCluster("destination")];
  const directory = new FakeDirectory();
  for (const cluster of [source, destination]) {
    cluster.directory = directory;
    cluster.identities.set(
      `${cluster.name}-pub CallManager`,
      certificateOf({ cn: `${cluster.name}-pub` }).certificate,
    );
  }
  const [there, recovery] = ["there", "ITLRECOVERY_destination-pub"].map(
    (cn) => certificateOf({ cn }).certificate,
  ) as [Certificate, Certificate];
  const store = "Phone-SAST-trust";
  source.seed(store, there);
  const said: string[] = [];
  const op = { signal: live(), progress: (line: string) => void said.push(line) };
  const exchange = new BulkExchange(
    [source, destination],
    EXCHANGE_SERVER,
    { archiveLeftovers: false },
    async () => directory,
  );
  const memberships = [there, recovery].map((certificate) => ({ store, certificate }) as const);
  const brought = await importInBulk(
    source,
    () => exchange,
    [{ node: source.table[0]!, present: new Set([membershipKey({ store, certificate: there })]) }],
    memberships,
    new Set(),
    op,
  );
  expect(brought).toEqual([]);
  expect(said.at(-1)).toBe(
    "source: the bulk import brought 0 of 1 missing memberships; the rest is imported one by one. The publisher answered: Successfully done.",
  );
});
