import { IscDhcpdBackend } from "../../../../../providers/dhcp/backends/isc-dhcpd/backend";
import { Pace } from "../../../../../providers/dhcp/backends/isc-dhcpd/pace";
import { op, SCOPE } from "../../support/backend";
import { broken, config, failing, host, OK, THERE } from "../../support/fake-dhcpd";

test("three starts in a window; the fourth waits for the first to leave it", async () => {
  const pace = new Pace(300);
  const starts: number[] = [];
  for (let i = 0; i < 7; i++) {
    await pace.room();
    pace.started();
    starts.push(performance.now());
  }
  for (let i = 3; i < starts.length; i++) expect(starts[i]! - starts[i - 3]!).toBeGreaterThanOrEqual(299);
});

test("a change waits for room, its undo does not", async () => {
  const h = host();
  const states = [broken("failed")];
  h.status = () => states.shift() ?? OK;
  const pace = new Pace(0);
  const room = jest.spyOn(pace, "room");
  const started = jest.spyOn(pace, "started");
  const dhcpd = new IscDhcpdBackend(
    config({}),
    async () => h.open(),
    () => pace,
  );
  expect((await failing(dhcpd.apply(SCOPE, THERE, op()))).message).toContain("and dhcpd runs with it");
  expect([room.mock.calls.length, started.mock.calls.length, h.count("run restart")]).toEqual([1, 2, 2]);
});
