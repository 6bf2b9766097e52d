import { setTimeout as sleep } from "node:timers/promises";
import { ClusterError } from "../../../../providers/cucm/cluster/cluster";
import { RefusedCredentials } from "../../../../providers/cucm/cluster/refused-credentials";

const failed = (kind: ClusterError["kind"]) => new ClusterError("source", "10.0.0.1", "SSH", "no.", kind);

/** Logins that take a moment, and how many were tried, and at a time. */
function door(verdicts: readonly (ClusterError | null)[]) {
  const seen = { tried: 0, inside: 0, most: 0 };
  const login = async () => {
    const verdict = verdicts[seen.tried++] ?? null;
    seen.most = Math.max(seen.most, ++seen.inside);
    await sleep(20);
    seen.inside--;
    if (verdict) throw verdict;
    return "in";
  };
  return { seen, login };
}
const kindsOf = (results: readonly PromiseSettledResult<string>[]) =>
  results.map((r) => (r.status === "fulfilled" ? r.value : (r.reason as ClusterError).kind));

test("many at once are one login when it is refused", async () => {
  const { seen, login } = door([failed("credentials")]);
  const account = new RefusedCredentials();
  const all = await Promise.allSettled([1, 2, 3].map(() => account.guard(login)));
  expect(kindsOf(all)).toEqual(["credentials", "credentials", "credentials"]);
  await expect(account.guard(login)).rejects.toMatchObject({ kind: "credentials" });
  expect(seen.tried).toBe(1);
});

test("any other failure says nothing of the account: the next one is tried", async () => {
  const { seen, login } = door([failed("unreachable"), null, null]);
  const account = new RefusedCredentials();
  const all = await Promise.allSettled([1, 2, 3].map(() => account.guard(login)));
  expect(kindsOf(all)).toEqual(["unreachable", "in", "in"]);
  expect(seen.tried).toBe(3);
});

test("once one has succeeded, the others do not wait for each other", async () => {
  const { seen, login } = door([]);
  const account = new RefusedCredentials();
  await Promise.all([1, 2, 3, 4].map(() => account.guard(login)));
  expect(seen.most).toBeGreaterThan(1);
  await Promise.all([1, 2, 3].map(() => account.guard(login)));
  expect(seen.tried).toBe(7);
});
