import { DhcpError } from "../backend";
import { Failures } from "../failures";
import { type JsonNode, JsonTextError, numberOf, parseJsonText, shallowMembers, stringOf } from "./json-text";
import { sanitise } from "./sanitise";
import { COMMAND_TIMEOUT, CONFIG_TIMEOUT, REASONS, type Transport } from "./transport";

export interface KeaAnswer {
  /** 0 done, 1 error, 2 not supported, 3 empty, 4 conflict, 5 partially altered. */
  readonly result: number;
  /** Raw: sanitise before it is shown. */
  readonly text: string;
  /** JSON text, not looked into yet: a configuration may be megabytes. */
  readonly argumentsText: string | undefined;
  /** Parsed at each use. @throws DhcpError */
  readonly arguments: JsonNode | undefined;
}

const SLOW: ReadonlySet<string> = new Set(["config-test", "config-set"]);

/**
 * Sends one command to the daemon.
 * @param args JSON text of the command's arguments.
 * @throws DhcpError when there is no answer; a `result` other than 0 is an answer.
 */
export async function command(
  transport: Transport,
  server: string,
  name: string,
  signal: AbortSignal,
  args?: string,
): Promise<KeaAnswer> {
  const failures = new Failures(server, transport.label, REASONS);
  const request = `{ "command": "${name}"${transport.namesService ? ', "service": [ "dhcp4" ]' : ""}${
    args === undefined ? "" : `, "arguments": ${args}`
  } }`;
  const { body, status } = await transport.exchange(request, {
    signal,
    timeout: SLOW.has(name) ? CONFIG_TIMEOUT : COMMAND_TIMEOUT,
  });
  if (status === 401 || status === 403)
    throw failures.error(
      "credentials",
      "refuses the credentials",
      `HTTP ${status}: check the variables that username_env and password_env name`,
    );
  // An agent asks several daemons and answers with a list; we name one.
  const text = body.trim().replace(/^\[([\s\S]*)\]$/, "$1");
  const members = shallowMembers(text);
  if (!members) {
    const where = status !== undefined && status !== 200 ? `HTTP ${status}, and the body is` : "it is";
    throw failures.error(
      "answer",
      "does not answer like Kea",
      `answer to ${name}: ${where} not JSON, or not a whole answer`,
    );
  }
  const one = (key: string) => {
    const span = members.get(key);
    return span && text.slice(span.start, span.end);
  };
  const parsed = (key: string) => {
    const value = one(key);
    try {
      return value === undefined ? undefined : parseJsonText(value);
    } catch (cause) {
      if (!(cause instanceof JsonTextError)) throw cause;
      throw failures.error("answer", "does not answer like Kea", `answer to ${name}: ${cause.message}`);
    }
  };
  const result = numberOf(parsed("result"));
  if (result === undefined)
    throw failures.error("answer", "does not answer like Kea", `the answer to ${name} has no result`);
  return {
    result,
    text: stringOf(parsed("text")) ?? "",
    argumentsText: one("arguments"),
    get arguments() {
      return parsed("arguments");
    },
  };
}

/** The error for a command that Kea answered with a result other than 0. */
export function refusal(
  server: string,
  transport: Transport,
  name: string,
  answer: KeaAnswer,
  sent?: JsonNode,
): DhcpError {
  const unsupported = answer.result === 2;
  return new DhcpError(
    server,
    `DHCP server "${server}" ${unsupported ? "does not know" : "refuses"} ${name}`,
    `${transport.label}: result ${answer.result}: ${sanitise(answer.text, sent)}`,
    "refused",
  );
}
