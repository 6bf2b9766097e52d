import { Pace } from "../../../../../providers/dhcp/backends/isc-dhcpd/pace";

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
