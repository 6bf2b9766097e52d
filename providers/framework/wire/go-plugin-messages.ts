import { enumeration, message, one, string } from "./protobuf/message";

/** The messages of go-plugin's own services and of gRPC's health check that hold anything. */

export const Empty = message("Empty", {});

/** `grpc.health.v1` (grpc.io, "GRPC Health Checking Protocol"). */
export const HealthCheckRequest = message("HealthCheckRequest", { service: one(1, string) });
export const HealthCheckResponse = message("HealthCheckResponse", { status: one(1, enumeration) });
export const ServingStatus = { serving: 1 } as const;
