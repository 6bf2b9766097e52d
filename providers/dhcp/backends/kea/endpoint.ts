import { isIPv4 } from "node:net";
import { DhcpError } from "../backend";

/** Where a Kea control channel listens. */
export type Endpoint =
  | { readonly kind: "unix"; readonly label: string; readonly path: string }
  | {
      readonly kind: "http" | "https";
      /** Without credentials: it is printed. */
      readonly label: string;
      readonly host: string;
      readonly port: number;
      readonly path: string;
    };

/**
 * `unix:///path`, `https://host[:port]`, or `http://` to this machine.
 * @throws DhcpError kind "refused" for anything else.
 */
export function parseEndpoint(server: string, text: string): Endpoint {
  const refuse = (why: string): never => {
    throw new DhcpError(
      server,
      `DHCP server "${server}" has an endpoint that cannot be used`,
      why,
      "refused",
    );
  };
  if (text.startsWith("unix://")) {
    const path = text.slice("unix://".length);
    return path.startsWith("/") && path.length > 1
      ? { kind: "unix", label: text, path }
      : refuse("A unix endpoint needs an absolute path, such as unix:///run/kea/kea4-ctrl-socket.");
  }
  const url = URL.canParse(text)
    ? new URL(text)
    : refuse("Write unix:///path, https://host:port or http://127.0.0.1:port.");
  if (url.username !== "" || url.password !== "")
    return refuse(
      "Credentials do not belong into an endpoint: name environment variables in username_env and password_env.",
    );
  if (url.search !== "" || url.hash !== "") return refuse("An endpoint has no query and no fragment.");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const rest = { host, path: url.pathname, label: `${url.protocol}//${url.host}` };
  if (url.protocol === "https:") return { kind: "https", port: Number(url.port || 443), ...rest };
  if (url.protocol !== "http:")
    return refuse(
      `The scheme ${url.protocol}// is not known: use unix://, https:// or, to this machine, http://.`,
    );
  if (!isLoopback(host))
    return refuse(
      "http:// is accepted to this machine only: the control channel carries the whole configuration and its passwords. Use https://.",
    );
  return { kind: "http", port: Number(url.port || 80), ...rest };
}

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
