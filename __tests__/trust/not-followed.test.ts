import { atLastDeploy, notFollowed } from "../../trust/not-followed";

const BEHIND = "still registered on the source, node 10.10.0.12";

test("what a deploy says of a phone is found again, with what else it found", () => {
  const reason = notFollowed("destination", ["its load is missing", "TVS did not vouch"], BEHIND);
  expect(reason).toBe(`did not follow the reset (its load is missing; TVS did not vouch): ${BEHIND}`);
  expect(atLastDeploy(reason, "destination")).toBe(
    `did not follow at the last deploy (its load is missing; TVS did not vouch): ${BEHIND}`,
  );
});

test("one direction says nothing of the other", () => {
  const back = notFollowed("source", [], "registered nowhere");
  expect(atLastDeploy(back, "source")).toBe("did not come back at the last deploy: registered nowhere");
  expect(atLastDeploy(back, "destination")).toBeNull();
  expect(atLastDeploy(notFollowed("destination", [], BEHIND), "source")).toBeNull();
});

test.each([
  BEHIND,
  `not reset, since too many of the wave do not follow: ${BEHIND}`,
  `its reset was refused (no): ${BEHIND}`,
])("a phone that was not reset was not seen to stay: %s", (reason) => {
  expect(atLastDeploy(reason, "destination")).toBeNull();
});
