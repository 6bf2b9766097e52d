import type { Diagnostic } from "../../diagnostic";
import { showPath } from "../../schema/path";
import type { AttributePath, Json, Value } from "../../schema/value";
import type { ProviderClient } from "./client";
import { ownDiagnostics, type Phases } from "./config";
import { Refusal, warningsOf } from "./failure";
import { planBreaches, replacements } from "./plan-rules";
import { propose } from "./propose";
import { applyBreaches, finalPlanBreaches, stateBreaches } from "./result-rules";
import { BrokenRule, demand } from "./rule";
import { type HostSchema, objectType } from "./schema";
import { plain, same, show, stateJson } from "./value";

/**
 * What core does with one resource instance, one function for each of the document's phases. Everything that the
 * provider answers is held against the rules before it is used.
 */

/** As core keeps it between runs. */
export interface Stored {
  readonly version: number;
  readonly json: Json;
  readonly private: Uint8Array;
  readonly tainted: boolean;
  /** The same for tests to look at. */
  readonly plain: unknown;
}

export type PlannedAction = "no-op" | "create" | "update" | "replace" | "delete";

export interface PlannedChange {
  readonly action: PlannedAction;
  readonly prior: Value;
  readonly planned: Value;
  readonly plannedPrivate: Uint8Array;
  /** What forces the replacement. */
  readonly replacePaths: readonly string[];
  readonly warnings: readonly Diagnostic[];
}

/** One answer of Plan, found valid. */
interface Answered {
  readonly planned: Value;
  readonly requiresReplace: readonly AttributePath[];
  readonly plannedPrivate: Uint8Array;
  readonly warnings: readonly Diagnostic[];
}

export interface Known {
  readonly state: Value;
  readonly private: Uint8Array;
}

export interface ReadResult {
  /** null when it is gone. */
  readonly known: Known | null;
  readonly warnings: readonly Diagnostic[];
}

/** Where a state that is moved comes from. */
export type MoveSource = Parameters<ProviderClient["moveResourceState"]>[0]["source"];

const NOBODY_STOPS = new AbortController().signal;

export class Lifecycle {
  constructor(
    private readonly client: ProviderClient,
    readonly type: string,
    readonly schema: HostSchema,
    readonly version: number,
  ) {}

  store({ state, private: kept }: Known, tainted = false): Stored {
    const json = stateJson(objectType(this.schema), state);
    return { version: this.version, json, private: kept, tainted, plain: plain(state) };
  }

  same(a: Value, b: Value): boolean {
    return same(objectType(this.schema), a, b);
  }

  async validate(config: Value): Promise<readonly Diagnostic[]> {
    warningsOf(`configuration of ${this.type}`, ownDiagnostics(this.schema, config));
    const { diagnostics } = await this.client.validateResourceConfig({
      type: this.type,
      config,
      writeOnlyAllowed: true,
    });
    return warningsOf(`validation of ${this.type}`, diagnostics);
  }

  /** Core upgrades whatever it reads from a state, at the same version too. */
  async upgrade({
    version,
    json,
    private: kept,
  }: Pick<Stored, "version" | "json" | "private">): Promise<Known> {
    const where = `upgrade of ${this.type}`;
    const { state, diagnostics } = await this.client.upgradeResourceState({ type: this.type, version, json });
    warningsOf(where, diagnostics);
    demand(where, stateBreaches(this.schema, state, "read-knows-everything"));
    return { state, private: kept };
  }

  /** The state of another type as one of ours. */
  async move(source: MoveSource): Promise<Known> {
    const where = `move to ${this.type}`;
    const answer = await this.client.moveResourceState({ type: this.type, source });
    warningsOf(where, answer.diagnostics);
    if (answer.state === null)
      throw new BrokenRule(where, [{ rule: "move-returns-object", path: [], found: "it returned null" }]);
    demand(where, stateBreaches(this.schema, answer.state, "read-knows-everything"));
    return { state: answer.state, private: answer.private };
  }

  async read({ state: current, private: kept }: Known): Promise<ReadResult> {
    const where = `read of ${this.type}`;
    const {
      state,
      private: now,
      diagnostics,
    } = await this.client.readResource({
      type: this.type,
      current,
      private: kept,
      signal: NOBODY_STOPS,
    });
    const warnings = warningsOf(where, diagnostics);
    if (state === null) return { known: null, warnings };
    demand(where, stateBreaches(this.schema, state, "read-knows-everything"));
    return { known: { state, private: now }, warnings };
  }

  /** A tainted instance is planned as a replacement, for which core asks for the plan of a create. */
  async plan(config: Value, prior: Known | null, tainted = false): Promise<PlannedChange> {
    const where = `plan of ${this.type}`;
    const before = tainted ? null : prior;
    const first = await this.ask(where, config, before?.state ?? null, before?.private ?? NO_BYTES);
    const { planned } = first;
    if (prior === null) return { ...first, action: "create", prior: null, replacePaths: [] };
    if (tainted) return { ...first, action: "replace", prior: prior.state, replacePaths: [] };

    const { changed, breaches } = replacements(first.requiresReplace, prior.state, planned, this.schema);
    demand(where, breaches);
    if (this.same(prior.state, planned))
      return { ...first, action: "no-op", prior: prior.state, replacePaths: [] };
    if (changed.length === 0) return { ...first, action: "update", prior: prior.state, replacePaths: [] };
    // In a replacement everything is new: core asks again, as for a create, and takes that plan's values.
    const second = await this.ask(`${where} (again, as a create)`, config, null, first.plannedPrivate);
    return {
      ...second,
      warnings: [...first.warnings, ...second.warnings],
      action: "replace",
      prior: prior.state,
      replacePaths: changed.map(showPath),
    };
  }

  private async ask(where: string, config: Value, prior: Value, priorPrivate: Uint8Array): Promise<Answered> {
    const { planned, requiresReplace, plannedPrivate, diagnostics } = await this.client.planResourceChange({
      type: this.type,
      prior,
      proposed: propose(this.schema, prior, config),
      config,
      priorPrivate,
      signal: NOBODY_STOPS,
    });
    const warnings = warningsOf(where, diagnostics);
    demand(where, planBreaches(this.schema, { prior, config, planned }));
    return { planned, requiresReplace, plannedPrivate, warnings };
  }

  async planDestroy({ state: prior, private: priorPrivate }: Known): Promise<PlannedChange> {
    const where = `plan of the destroy of ${this.type}`;
    const { planned, plannedPrivate, diagnostics } = await this.client.planResourceChange({
      type: this.type,
      prior,
      proposed: null,
      config: null,
      priorPrivate,
      signal: NOBODY_STOPS,
    });
    const warnings = warningsOf(where, diagnostics);
    if (planned !== null)
      throw new BrokenRule(where, [
        { rule: "plan-of-destroy-is-null", path: [], found: `it is ${show(planned)}` },
      ]);
    return { action: "delete", prior, planned: null, plannedPrivate, replacePaths: [], warnings };
  }

  /**
   * Carries a plan out. In a new process core plans again with everything known, and demands that it agrees; what
   * goes to Apply is that second plan. `keep` is told what core would write into the state, failure or not.
   */
  async apply(change: PlannedChange, { applying }: Phases, keep: (stored: Stored | null) => void) {
    const { action, prior } = change;
    if (action === "no-op") return [];
    if (action === "delete") return this.applyDelete(change, keep);
    const warnings: Diagnostic[] = [];
    if (action === "replace") {
      const removal = { ...change, action: "delete", planned: null } as const;
      warnings.push(...(await this.applyDelete(removal, keep)));
    }
    await this.validate(applying);
    const before = action === "replace" ? null : prior;
    const final = await this.finalPlan(change, applying, before);
    warnings.push(...final.warnings);
    if (before !== null && this.same(before, final.planned)) return warnings;
    const applied = await this.applyChange(before, final, applying, keep);
    return [...warnings, ...applied];
  }

  private async finalPlan(first: PlannedChange, config: Value, prior: Value): Promise<PlannedChange> {
    const where = `plan of ${this.type} at apply`;
    const final = await this.ask(where, config, prior, first.plannedPrivate);
    demand(where, finalPlanBreaches(this.schema, first.planned, final.planned));
    if (prior !== null) {
      const { changed, breaches } = replacements(final.requiresReplace, prior, final.planned, this.schema);
      demand(where, breaches);
      if (changed.length > 0)
        throw new BrokenRule(where, [
          { rule: "final-plan-same-action", path: changed[0]!, found: "the update has become a replacement" },
        ]);
    }
    return { ...final, action: first.action, prior, replacePaths: [] };
  }

  private async applyChange(
    prior: Value,
    { planned, plannedPrivate }: PlannedChange,
    config: Value,
    keep: (stored: Stored | null) => void,
  ): Promise<readonly Diagnostic[]> {
    const where = `${prior === null ? "create" : "update"} of ${this.type}`;
    const {
      state,
      private: kept,
      diagnostics,
    } = await this.client.applyResourceChange({
      type: this.type,
      prior,
      planned,
      config,
      plannedPrivate,
      signal: NOBODY_STOPS,
    });
    if (diagnostics.some(({ severity }) => severity === "error")) {
      // Partial states are kept; a create that left something is tainted, and what vanished in an error stays.
      if (state !== null) {
        demand(where, stateBreaches(this.schema, state, "apply-knows-everything"));
        keep(this.store({ state, private: kept }, prior === null));
      }
      throw new Refusal(where, diagnostics);
    }
    demand(where, applyBreaches(this.schema, planned, state));
    keep(this.store({ state, private: kept }));
    return diagnostics;
  }

  private async applyDelete(
    { prior, plannedPrivate }: PlannedChange,
    keep: (stored: Stored | null) => void,
  ): Promise<readonly Diagnostic[]> {
    const where = `delete of ${this.type}`;
    const {
      state,
      private: kept,
      diagnostics,
    } = await this.client.applyResourceChange({
      type: this.type,
      prior,
      planned: null,
      config: null,
      plannedPrivate,
      signal: NOBODY_STOPS,
    });
    if (diagnostics.some(({ severity }) => severity === "error")) {
      if (state !== null) keep(this.store({ state, private: kept }));
      throw new Refusal(where, diagnostics);
    }
    if (state !== null)
      throw new BrokenRule(where, [
        { rule: "delete-returns-null", path: [], found: `it returned ${show(state)}` },
      ]);
    keep(null);
    return diagnostics;
  }

  /** Core reads what was imported before it believes it. */
  async import(id: string): Promise<Known> {
    const where = `import of ${this.type}`;
    const { imported, diagnostics } = await this.client.importResourceState({
      type: this.type,
      id,
      signal: NOBODY_STOPS,
    });
    warningsOf(where, diagnostics);
    const [one] = imported;
    if (imported.length !== 1 || !one || one.state === null)
      throw new BrokenRule(where, [
        { rule: "import-returns-object", path: [], found: `it returned ${imported.length} objects` },
      ]);
    if (one.type !== this.type)
      throw new BrokenRule(where, [
        { rule: "import-same-type", path: [], found: `it returned a ${one.type}` },
      ]);
    demand(where, stateBreaches(this.schema, one.state, "read-knows-everything"));
    const { known } = await this.read({ state: one.state, private: one.private });
    if (known === null) {
      const detail = `There is no object with the id ${JSON.stringify(id)}.`;
      throw new Refusal(where, [
        { severity: "error", summary: "Cannot import non-existent remote object", detail },
      ]);
    }
    return known;
  }
}

const NO_BYTES = new Uint8Array();
