import { FakeKea, type FakeOptions } from "./fake-kea";

const running: FakeKea[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

/** A fake server that ends with the test. */
export async function startKea(text: string, options?: FakeOptions): Promise<FakeKea> {
  const server = await new FakeKea(text, options).start();
  running.push(server);
  return server;
}
