import { Empty, HealthCheckRequest, HealthCheckResponse, ServingStatus } from "./go-plugin-messages";
import { held, type Method, unary } from "./grpc/service";
import { GrpcError, Status } from "./grpc/status";

/**
 * The services that go-plugin's host expects beside the provider's. The broker, for connections the other way,
 * and stdio, for output that would go to the host's log, are accepted and kept quiet: we have no use for either.
 */
export function goPluginServices(shutdown: () => void): readonly (readonly [string, Method])[] {
  return [
    [
      "/plugin.GRPCController/Shutdown",
      unary(Empty, Empty, () => {
        shutdown();
        return {};
      }),
    ],
    ["/plugin.GRPCStdio/StreamStdio", held],
    ["/plugin.GRPCBroker/StartStream", held],
    [
      "/grpc.health.v1.Health/Check",
      unary(HealthCheckRequest, HealthCheckResponse, ({ service }) => {
        if (service !== "plugin" && service !== "") {
          throw new GrpcError(Status.notFound, `service ${service} is not known`);
        }
        return { status: ServingStatus.serving };
      }),
    ],
  ];
}
