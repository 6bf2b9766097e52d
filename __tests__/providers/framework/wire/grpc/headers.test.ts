import { percentEncode } from "../../../../../providers/framework/wire/grpc/status";
import { parseTimeout } from "../../../../../providers/framework/wire/grpc/timeout";

test.each([
  [undefined, undefined],
  ["1H", 3_600_000],
  ["2M", 120_000],
  ["3S", 3_000],
  ["40m", 40],
  ["500u", 0.5],
  ["1n", 1e-6],
])("grpc-timeout %s is %s ms", (header, ms) => expect(parseTimeout(header)).toBe(ms));

test.each(["", "1", "S", "123456789S", "-1S", "1s", "1.5S"])("grpc-timeout %p is refused", (header) =>
  expect(() => parseTimeout(header)).toThrow("malformed"),
);

test("grpc-message is printable ASCII", () => {
  expect(percentEncode("50 % für\n~")).toBe("50 %25 f%C3%BCr%0A~");
});
