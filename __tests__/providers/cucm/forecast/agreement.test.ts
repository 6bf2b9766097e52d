import type { ClusterNode } from "../../../../providers/cucm/cluster/cluster";
import { agreed } from "../../../../providers/cucm/forecast/agreement";
import type { Side } from "../../../../providers/cucm/forecast/read-side";
import type { Forecast } from "../../../../trust/forecast/forecast";
import { forecastOf } from "../../../trust/forecast/support";

const home = { name: "source" } as Side;
const said = forecastOf();

test("a phone is expected to end no better than by any node, also where the reason is another one's", () => {
  const runs = [
    { outcome: "uncertain", expected: "registers" } as const,
    { outcome: "locked out", expected: "locked out" } as const,
  ].map((ends, i) => {
    const forecast: Forecast = { ...said, ...ends };
    const node = { address: `10.10.0.1${i}` } as ClusterNode;
    return { node, ctl: "as served" as const, byName: new Map([[said.phone, forecast]]) };
  });
  expect(agreed(said.phone, runs, home)).toMatchObject({ outcome: "uncertain", expected: "locked out" });
});
