import { GrpcError, Status } from "./status";

/** Units of the `grpc-timeout` header in milliseconds (gRPC over HTTP/2, "Requests"). */
const UNITS: { readonly [unit: string]: number } = {
  H: 3_600_000,
  M: 60_000,
  S: 1_000,
  m: 1,
  u: 1e-3,
  n: 1e-6,
};

/** Milliseconds of a `grpc-timeout` header; undefined without one. */
export function parseTimeout(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const match = /^(\d{1,8})([HMSmun])$/.exec(header);
  if (match === null) throw new GrpcError(Status.internal, "grpc-timeout header is malformed");
  return Number(match[1]) * UNITS[match[2]!]!;
}
