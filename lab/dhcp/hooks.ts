/**
 * The commands of Kea's hook libraries subnet_cmds and host_cmds that change one option or one reservation. They are
 * there when `hooks-libraries` loads the library and the version has them. Answers and effects: measured on 3.0.4, but
 * for what `reservation-update` takes: documented.
 */
import type { Answer } from "./commands";
import type { Json, JsonMap } from "./document";

type Mutable = { [key: string]: Json | undefined };
type Handler = (args: JsonMap, dhcp4: Mutable) => Answer;

interface Command {
  readonly run: Handler;
  /** The first version that has it, by Kea's own descriptions of its commands; none: all that are played. */
  readonly since?: string;
}

/** The library's commands as far as they are known here. */
const LIBRARIES: { readonly [library: string]: { readonly [command: string]: Command } } = {
  subnet_cmds: {
    "subnet4-delta-add": { run: deltaAdd, since: "2.1.7" },
    "subnet4-delta-del": { run: deltaDel, since: "2.1.7" },
  },
  host_cmds: {
    "reservation-get": { run: reservationGet },
    "reservation-add": { run: reservationAdd },
    "reservation-update": { run: reservationUpdate, since: "2.3.7" },
    "reservation-del": { run: reservationDel },
  },
};

function handlers(dhcp4: JsonMap, version: string): ReadonlyMap<string, Handler> {
  const loaded = maps(dhcp4["hooks-libraries"]).map((l) => String(l.library));
  return new Map(
    Object.entries(LIBRARIES)
      .filter(([name]) => loaded.some((path) => path.includes(name)))
      .flatMap(([, commands]) => Object.entries(commands))
      .filter(([, { since }]) => since === undefined || isFrom(version, since))
      .map(([name, { run }]) => [name, run]),
  );
}

function isFrom(version: string, since: string): boolean {
  const [is, first] = [version, since].map((one) => one.split(".").map(Number));
  const at = first!.findIndex((part, i) => part !== (is![i] ?? 0));
  return at < 0 || (is![at] ?? 0) > first![at]!;
}

export const hookCommands = (dhcp4: JsonMap, version: string): readonly string[] => [
  ...handlers(dhcp4, version).keys(),
];

/** @returns the answer, and `Dhcp4` as it is afterwards (null: unchanged); undefined when no library has the command. */
export function runHook(
  command: string,
  args: Json | undefined,
  dhcp4: JsonMap,
  version: string,
): { readonly answer: Answer; readonly dhcp4: JsonMap | null } | undefined {
  const handler = handlers(dhcp4, version).get(command);
  if (!handler) return undefined;
  const next = structuredClone(dhcp4) as Mutable;
  const answer = handler((args ?? {}) as JsonMap, next);
  return { answer, dhcp4: answer.result === 0 && command !== "reservation-get" ? next : null };
}

function deltaAdd(args: JsonMap, dhcp4: Mutable): Answer {
  return delta(args, dhcp4, (options, given) => {
    const index = options.findIndex((o) => sameOption(o, given));
    if (index < 0) options.push(given);
    else options[index] = given;
  });
}
function deltaDel(args: JsonMap, dhcp4: Mutable): Answer {
  return delta(args, dhcp4, (options, given) => {
    const index = options.findIndex((o) => sameOption(o, given));
    if (index >= 0) options.splice(index, 1);
  });
}

function delta(args: JsonMap, dhcp4: Mutable, change: (options: JsonMap[], given: JsonMap) => void): Answer {
  const given = maps(args.subnet4);
  if (given.length !== 1) return { result: 1, text: "exactly one subnet must be given" };
  const { id, subnet: prefix } = given[0]!;
  const subnet = subnets(dhcp4).find((s) => s.id === id && s.subnet === prefix);
  if (!subnet)
    return { result: 1, text: `no subnet with the id '${String(id)}' and prefix '${String(prefix)}'` };
  const options = [...maps(subnet["option-data"])];
  for (const option of maps(given[0]!["option-data"])) change(options, option);
  subnet["option-data"] = options;
  return { result: 0, text: "IPv4 subnet updated", arguments: { subnets: [{ id, subnet: prefix }] } };
}

const sameOption = (a: JsonMap, b: JsonMap) =>
  a.code === b.code && (a.space ?? "dhcp4") === (b.space ?? "dhcp4");

function reservationGet(args: JsonMap, dhcp4: Mutable): Answer {
  const { host } = find(args, dhcp4);
  return host ? { result: 0, text: "Host found.", arguments: host } : { result: 3, text: "Host not found." };
}

function reservationAdd(args: JsonMap, dhcp4: Mutable): Answer {
  const refused = notInMemory(args, "add");
  if (refused) return refused;
  const given = args.reservation as JsonMap;
  const { subnet, host } = find(identified(given), dhcp4);
  if (!subnet) return { result: 1, text: "no such subnet" };
  if (host)
    return {
      result: 1,
      text: `failed to add new host using the HW address '${String(given["hw-address"])}' to the IPv4 subnet id '${String(subnet.id)}' as this host has already been added`,
    };
  subnet.reservations = [...maps(subnet.reservations), withoutSubnet(given)];
  return { result: 0, text: "Host added." };
}

function reservationUpdate(args: JsonMap, dhcp4: Mutable): Answer {
  const refused = notInMemory(args, "update");
  if (refused) return refused;
  const given = args.reservation as JsonMap;
  const { subnet, host } = find(identified(given), dhcp4);
  if (!subnet || !host) return { result: 1, text: "Host not updated (not found)." };
  subnet.reservations = maps(subnet.reservations).map((h) => (h === host ? withoutSubnet(given) : h));
  return { result: 0, text: "Host updated." };
}

function reservationDel(args: JsonMap, dhcp4: Mutable): Answer {
  const refused = notInMemory(args, "delete");
  if (refused) return refused;
  const { subnet, host } = find(args, dhcp4);
  if (!subnet || !host) return { result: 3, text: "Host not deleted (not found)." };
  subnet.reservations = maps(subnet.reservations).filter((h) => h !== host);
  return { result: 0, text: "Host deleted." };
}

const IDENTIFIERS = ["hw-address", "duid", "circuit-id", "client-id", "flex-id"];

function identified(host: JsonMap): JsonMap {
  const type = IDENTIFIERS.find((i) => host[i] !== undefined) ?? "hw-address";
  return { "subnet-id": host["subnet-id"], "identifier-type": type, identifier: host[type] };
}

function find(args: JsonMap, dhcp4: Mutable): { readonly subnet?: Mutable; readonly host?: JsonMap } {
  const subnet = subnets(dhcp4).find((s) => s.id === args["subnet-id"]);
  if (!subnet) return {};
  const digits = (value: Json | undefined) =>
    String(value)
      .replace(/[^0-9a-f]/gi, "")
      .toLowerCase();
  const host = maps(subnet.reservations).find((h) => {
    const value = h[String(args["identifier-type"])];
    return value !== undefined && digits(value) === digits(args.identifier);
  });
  return host ? { subnet, host } : { subnet };
}

/** Writers look for a database unless they are told otherwise. */
function notInMemory(args: JsonMap, what: string): Answer | null {
  if (args["operation-target"] === "memory") return null;
  return { result: 1, text: `Host database not available, cannot ${what} host.` };
}

function withoutSubnet({ "subnet-id": _, ...host }: JsonMap): JsonMap {
  return host;
}

const maps = (value: Json | undefined) => (value ?? []) as readonly JsonMap[];
const subnets = (dhcp4: Mutable): readonly Mutable[] =>
  [...maps(dhcp4.subnet4), ...maps(dhcp4["shared-networks"]).flatMap((n) => maps(n.subnet4))] as Mutable[];
