/** What enterprise parameters of a cluster say that matters to a migration. */
import { Shared } from "./budget";
import { ClusterError } from "./cluster";
import type { ClusterConfig } from "./config";
import { linesToSet, type Settings } from "./lines-to-set";
import type { Axl } from "./transports/axl";

const SECURITY_MODE = "ClusterSecurityMode";

/** Read once, together. */
export class EnterpriseParameters {
  readonly #values = new Shared<ReadonlyMap<string, string>>();

  constructor(
    private readonly axl: Axl,
    private readonly config: ClusterConfig,
  ) {}

  /** @throws ClusterError for a value that is neither */
  async securityMode(signal: AbortSignal): Promise<"mixed" | "non-secure"> {
    const value = (await this.#read(signal)).get(SECURITY_MODE);
    if (value === "1") return "mixed";
    if (value === "0") return "non-secure";
    throw this.#odd(
      "security mode",
      `the enterprise parameter ${SECURITY_MODE} is ${said(value)}, expected 0 or 1.`,
    );
  }

  /** @throws ClusterError with the line to set, for a name or a value that this release does not spell so */
  async rollbackToPre8(signal: AbortSignal): Promise<boolean> {
    const { rollbackParameter, rollbackTrue, rollbackFalse } = this.config.spellings;
    const value = (await this.#read(signal)).get(rollbackParameter);
    const is = (spelling: string) => spelling.toLowerCase() === value?.toLowerCase();
    if (value !== undefined && rollbackTrue.some(is)) return true;
    if (value !== undefined && rollbackFalse.some(is)) return false;
    const line = (spellings: Settings) => linesToSet(this.config.name, [{ spellings }]);
    throw this.#odd(
      '"Prepare Cluster for Rollback to pre 8.0"',
      value === undefined
        ? `table processconfig has no parameter ${rollbackParameter}. Put the name that it has in this release there. ${line({ rollback_parameter: rollbackParameter })}`
        : `the parameter ${rollbackParameter} is ${said(value)}. If Enterprise Parameters show it as False (for True: rollback_true): ${line({ rollback_false: [...rollbackFalse, value] })}`,
    );
  }

  #read(signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const names = [SECURITY_MODE, this.config.spellings.rollbackParameter];
    return this.#values.get(signal, (inner) => this.axl.parameters(names, inner));
  }

  #odd(what: string, detail: string): ClusterError {
    const { name, publisher } = this.config;
    return new ClusterError(
      name,
      publisher,
      `Cannot tell the ${what} of cluster "${name}"`,
      detail,
      "answer",
    );
  }
}

function said(value: string | undefined): string {
  return value === undefined ? "not in the database" : JSON.stringify(value);
}
