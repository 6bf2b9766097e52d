import { isIP } from "node:net";
import { CommandError } from "./command-error";

/** `host`, `host:port`, an IPv6 address, or `[IPv6]:port`. @throws CommandError when it is none of these */
export function endpoint(text: string, defaultPort: number): { address: string; port: number } {
  const [, bracketed, plain, digits] =
    isIP(text) === 6
      ? [null, text, undefined, undefined]
      : (/^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+))(?::(\d{1,5}))?$/.exec(text) ?? []);
  const address = bracketed ?? plain;
  const port = digits === undefined ? defaultPort : Number(digits);
  if (address === undefined || port < 1 || port > 65_535)
    throw new CommandError(
      `${text} is not a host, or host:port. Write it as 10.10.0.11 or 10.10.0.11:${defaultPort}.`,
      2,
    );
  return { address, port };
}
