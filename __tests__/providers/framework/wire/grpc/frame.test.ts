import * as fc from "fast-check";
import { FrameReader, frame } from "../../../../../providers/framework/wire/grpc/frame";
import { GrpcError } from "../../../../../providers/framework/wire/grpc/status";

test("messages come out whole however the bytes are cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array()),
      fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1 }),
      (all, sizes) => {
        const bytes = Buffer.concat(all.map(frame));
        const reader = new FrameReader();
        const got: Buffer[] = [];
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const size = sizes[i % sizes.length]!;
          got.push(...reader.push(bytes.subarray(at, at + size)));
          at += size;
        }
        reader.end();
        expect(got.map((m) => [...m])).toEqual(all.map((m) => [...m]));
      },
    ),
  );
});

test("a large message in many chunks is joined once", () => {
  const message = Buffer.alloc(8 * 1024 * 1024, 7);
  const bytes = frame(message);
  const reader = new FrameReader();
  const got: Buffer[] = [];
  const started = performance.now();
  for (let at = 0; at < bytes.length; at += 16_384) got.push(...reader.push(bytes.subarray(at, at + 16_384)));
  expect(performance.now() - started).toBeLessThan(5_000);
  expect(got).toHaveLength(1);
  expect(got[0]!.equals(message)).toBe(true);
});

test.each([
  ["a length beyond the limit, before anything is reserved", "00 ffffffff", 8],
  ["a compressed message", "01 00000000", 12],
  ["a flag that does not exist", "02 00000000", 13],
])("refuses %s", (_, hex, code) => {
  const push = () => new FrameReader(1024).push(Buffer.from(hex.replace(" ", ""), "hex"));
  expect(push).toThrow(GrpcError);
  expect(push).toThrow(expect.objectContaining({ code }));
});

test("refuses a stream that ends within a message", () => {
  const reader = new FrameReader();
  reader.push(Buffer.from([0, 0, 0, 0, 3, 1]));
  expect(() => reader.end()).toThrow("within a message");
});
