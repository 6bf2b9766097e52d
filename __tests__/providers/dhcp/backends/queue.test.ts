import { Queue } from "../../../../providers/dhcp/backends/queue";

/** As a core does it: so many at once, and the next one as soon as one is done. */
async function batches(jobs: number, atOnce: number): Promise<number[]> {
  const sizes: number[] = [];
  const queue = new Queue<() => void>(
    async (done) => {
      sizes.push(done.length);
      await new Promise((resolve) => setTimeout(resolve, 30));
      for (const settle of done) settle();
    },
    () => true,
  );
  let next = 0;
  const worker = async (n: number) => {
    // Not all of them come in the same moment.
    while (next < jobs) {
      next++;
      await new Promise((resolve) => setTimeout(resolve, n * 3));
      await new Promise<void>((resolve) => queue.add(resolve));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, (_, n) => worker(n)));
  return sizes;
}

test("one at a time: each is a batch, none is lost", async () => {
  expect(await batches(3, 1)).toEqual([1, 1, 1]);
});

test("ten at once: about ten in each batch, none is lost", async () => {
  const sizes = await batches(60, 10);
  expect(sizes.reduce((a, b) => a + b, 0)).toBe(60);
  expect(sizes.length).toBeLessThan(20);
});

test("those that may not go together go one after the other", async () => {
  const taken: string[][] = [];
  const queue = new Queue<string>(
    async (jobs) => void taken.push([...jobs]),
    (job, others) => !others.includes(job),
  );
  for (const job of ["a", "b", "a", "c"]) queue.add(job);
  while (taken.flat().length < 4) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(taken).toEqual([["a", "b", "c"], ["a"]]);
});
