import { FakeCluster } from "../fake-cluster";
import { FakeCore } from "../fake-core";
import { FakeFleet } from "../fake-fleet";

const [one, two, three] = ["SEP000000000001", "SEP000000000002", "SEP000000000003"] as const;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.000Z$/;

let source: FakeCluster;
let destination: FakeCluster;
let core: FakeCore;
beforeEach(async () => {
  source = new FakeCluster("source");
  destination = new FakeCluster("destination");
  const fleet = new FakeFleet();
  fleet.add(one).add(two, { at: "destination" }).add(three);
  fleet.put(three, null);
  source.fleet = destination.fleet = fleet;
  core = await FakeCore.with(source, destination);
});
const read = async () => {
  const phones = [one, two, three, "SEP000000000009"];
  const sides = { source: "source", destination: "destination", registered_on: "destination" };
  return core.readData("cucm_phone_whereabouts", { ...sides, phones });
};

test("where each phone is, since when, and why it is not where it should be", async () => {
  expect(await read()).toMatchObject({
    said: [],
    state: {
      whereabouts: [
        {
          name: one,
          on: "source",
          node: "source-sub1",
          since: expect.stringMatching(TIME),
          reason: "still registered on the source, node source-sub1",
        },
        { name: two, on: "destination", node: "destination-sub1", reason: null },
        {
          name: three,
          on: null,
          node: "source-sub1",
          since: expect.stringMatching(TIME),
          reason: expect.stringMatching(/^registered nowhere; last seen on node source-sub1/),
        },
        {
          name: "SEP000000000009",
          on: null,
          node: null,
          since: null,
          reason: "registered nowhere; no cluster has seen it",
        },
      ],
      unread: [],
    },
  });
});

test.each(["unreachable", "credentials"] as const)(
  "a cluster without an answer (%s) is told, and hides nothing of the other",
  async (kind) => {
    source.fail("registrations", null, kind);
    expect(await read()).toMatchObject({
      said: [],
      state: {
        whereabouts: [
          {
            on: null,
            reason: expect.stringMatching(/^not to be found while RIS has no answer from cluster "source"/),
          },
          { on: "destination", reason: null },
          { on: null },
          { on: null },
        ],
        unread: [expect.stringMatching(/^Cluster "source": Cannot do registrations/)],
      },
    });
  },
);

test("so is a node that is silent to RIS", async () => {
  destination.silentToRis.add("destination-sub1");
  const { state } = (await read()) as { state: { unread: string[] } };
  expect(state.unread).toEqual(['RIS of cluster "destination" has no answer from destination-sub1.']);
});
