import type { Diagnostic } from "../../diagnostic";
import { type Json, UNKNOWN, type Value } from "../../schema/value";
import { type Configuration, type Phases, phasesOf } from "./config";
import { refused } from "./failure";
import type {
  Known,
  Lifecycle,
  MoveSource,
  PlannedAction,
  PlannedChange,
  ReadResult,
  Stored,
} from "./lifecycle";
import { BrokenRule, type RuleName } from "./rule";
import { at, isMembers, plain, same, show } from "./value";

// biome-ignore lint/suspicious/noExplicitAny: tests look at any attribute
type Plain = any;

/** What a step shows. Values are plain; what is not known yet is `UNKNOWN`. */
export interface Planned {
  readonly action: PlannedAction;
  readonly planned: Plain;
  /** The paths that force a replacement, as a user would write them. */
  readonly replaces: readonly string[];
  readonly warnings: readonly Diagnostic[];
}

export interface AppliedStep extends Planned {
  readonly state: Plain;
}

export interface ApplyOptions {
  /** false: do not demand that the next plan has no changes. */
  readonly settles?: boolean;
}

/** One instance of a resource, like one address in a configuration, with its state from step to step. */
export class Instance {
  private stored: Stored | null = null;
  private config: Configuration = {};

  constructor(private readonly life: Lifecycle) {}

  /** The state as the last step left it; null when there is none. */
  get state(): Plain {
    return this.stored === null ? null : this.stored.plain;
  }
  get tainted(): boolean {
    return this.stored?.tainted ?? false;
  }
  /** The private data that goes with the state, as text. */
  get private(): string {
    return this.stored ? Buffer.from(this.stored.private).toString() : "";
  }

  /** Refreshes and plans; touches nothing. */
  async plan(config: Configuration = this.config): Promise<Planned> {
    const { change } = await this.prepare(config);
    return shown(change);
  }

  /** Refreshes, plans, applies as core does, and demands that a next plan has no changes. */
  async apply(
    config: Configuration = this.config,
    { settles = true }: ApplyOptions = {},
  ): Promise<AppliedStep> {
    this.config = config;
    const { change, phases, refreshed } = await this.prepare(config);
    this.keepRefreshed(refreshed);
    const warnings = await this.life.apply(change, phases, this.keep);
    if (settles) await this.settled();
    return { ...shown(change), warnings: [...change.warnings, ...warnings], state: this.state };
  }

  /** A plan with the last configuration has no changes, and reading twice changes nothing. */
  async settled(): Promise<void> {
    const { change, refreshed } = await this.prepare(this.config, "known");
    if (change.action !== "no-op")
      this.breach("settles", `the next plan would ${change.action}: ${difference(change)}`);
    const again = refreshed && (await this.life.read(refreshed)).known;
    if (!refreshed || !again) return;
    if (!this.life.same(refreshed.state, again.state))
      this.breach("read-is-stable", difference({ prior: refreshed.state, planned: again.state }));
    if (Buffer.compare(refreshed.private, again.private) !== 0)
      this.breach("read-is-stable", "the private data differs");
  }

  async destroy(): Promise<readonly Diagnostic[]> {
    const { known, warnings } = await this.refresh();
    this.keepRefreshed(known);
    if (known === null) return warnings;
    const change = await this.life.planDestroy(known);
    const applied = await this.life.apply(change, { planning: null, applying: null }, this.keep);
    return [...warnings, ...change.warnings, ...applied];
  }

  /** The destroy is refused when it is planned, and nothing is lost. */
  async refusesDestroy(pattern: RegExp): Promise<void> {
    const { known } = await this.refresh();
    if (known === null) throw new Error("There is nothing that could be destroyed.");
    await refused(this.life.planDestroy(known), pattern);
  }

  /** The configuration is refused, at the attribute path `at` (`places["x"].port`) when given. */
  async fails(config: Configuration, pattern: RegExp, { at: path }: { readonly at?: string } = {}) {
    return refused(this.apply(config), pattern, path);
  }

  /**
   * Imports the object that is there into nothing: the result is the state that we have, and needs no change.
   * @param ignore attributes that an import cannot know.
   */
  async importVerify(
    id: string,
    { ignore = [] }: { readonly ignore?: readonly string[] } = {},
  ): Promise<void> {
    const { known: ours } = await this.refresh();
    if (ours === null) throw new Error("Nothing is there that could be imported.");
    const imported = await this.life.import(id);
    for (const [name, { type }] of Object.entries(this.life.schema)) {
      if (ignore.includes(name)) continue;
      const [was, is] = [at(ours.state, name), at(imported.state, name)] as const;
      if (!same(type, was, is))
        this.breach("import-restores", `"${name}" was ${show(was)} and is imported as ${show(is)}`);
    }
    const change = await this.life.plan(phasesOf(this.life.schema, this.config).applying, imported);
    const strange = Object.entries(this.life.schema).find(
      ([name, { type }]) =>
        !ignore.includes(name) &&
        at(change.planned, name) !== UNKNOWN &&
        !same(type, at(imported.state, name), at(change.planned, name)),
    );
    if (ignore.length === 0 ? change.action !== "no-op" : strange)
      this.breach("import-restores", `the next plan would ${change.action}: ${difference(change)}`);
  }

  /** `outside` removes the object behind the provider's back: that is seen, and applying creates it anew. */
  async disappears(outside: () => unknown): Promise<void> {
    await outside();
    const { action } = await this.plan();
    if (action !== "create") this.breach("disappearance-is-seen", `the plan is to ${action}`);
    await this.apply();
  }

  /** `outside` changes the object behind the provider's back: that is seen, and applying puts it right. */
  async drifts(outside: () => unknown): Promise<AppliedStep> {
    const { known: before } = await this.refresh();
    await outside();
    const { known: after } = await this.refresh();
    if (before && after && this.life.same(before.state, after.state))
      this.breach("drift-is-seen", "the state is what it was");
    const step = await this.apply();
    if (step.action === "no-op") this.breach("drift-is-seen", "the plan has no changes");
    return step;
  }

  /** A state that an older version of the provider wrote means the same, and needs no change. */
  async upgradesFrom(
    old: { readonly version: number; readonly state: Json },
    config: Configuration,
  ): Promise<Plain> {
    const { version, state: json } = old;
    this.stored = { version, json, plain: json, private: new Uint8Array(), tainted: false };
    this.config = config;
    const { change, refreshed } = await this.prepare(config);
    if (change.action !== "no-op")
      this.breach("upgrade-needs-no-change", `the next plan would ${change.action}: ${difference(change)}`);
    this.keepRefreshed(refreshed);
    return this.state;
  }

  /** A state of another type becomes one of this (`moved`), and needs no change. */
  async movesFrom(source: MoveSource, config: Configuration): Promise<Plain> {
    this.keep(this.life.store(await this.life.move(source)));
    this.config = config;
    const { change, refreshed } = await this.prepare(config);
    if (change.action !== "no-op")
      this.breach("move-needs-no-change", `the next plan would ${change.action}: ${difference(change)}`);
    this.keepRefreshed(refreshed);
    return this.state;
  }

  /** Makes the next apply replace the object. */
  taint(): void {
    if (this.stored) this.stored = { ...this.stored, tainted: true };
  }

  /** Brings an object under management, as `terraform import` does. */
  async import(id: string): Promise<Plain> {
    this.keep(this.life.store(await this.life.import(id)));
    return this.state;
  }

  private readonly keep = (stored: Stored | null): void => {
    this.stored = stored;
  };

  private keepRefreshed(refreshed: Known | null): void {
    this.stored = refreshed && this.life.store(refreshed, this.tainted);
  }

  private async refresh(): Promise<ReadResult> {
    if (this.stored === null) return { known: null, warnings: [] };
    return this.life.read(await this.life.upgrade(this.stored));
  }

  /** `known`: what is to be known later is known already. */
  private async prepare(config: Configuration, when: "as written" | "known" = "as written") {
    const written = phasesOf(this.life.schema, config);
    const phases: Phases = when === "known" ? { ...written, planning: written.applying } : written;
    const validated = await this.life.validate(phases.planning);
    const { known: refreshed, warnings } = await this.refresh();
    const planned = await this.life.plan(phases.planning, refreshed, refreshed !== null && this.tainted);
    const change: PlannedChange = { ...planned, warnings: [...validated, ...warnings, ...planned.warnings] };
    return { phases, refreshed, change };
  }

  private breach(rule: RuleName, found: string): never {
    throw new BrokenRule(this.life.type, [{ rule, path: [], found }]);
  }
}

const shown = (change: PlannedChange): Planned => ({
  action: change.action,
  planned: plain(change.planned),
  replaces: change.replacePaths,
  warnings: change.warnings,
});

/** The attributes in which two objects differ. */
function difference({ prior, planned }: { readonly prior: Value; readonly planned: Value }): string {
  if (!isMembers(prior) || !isMembers(planned)) return `${show(prior)} and ${show(planned)}`;
  return Object.keys(planned)
    .filter((name) => at(planned, name) === UNKNOWN || show(at(prior, name)) !== show(at(planned, name)))
    .map((name) => `"${name}" from ${show(at(prior, name))} to ${show(at(planned, name))}`)
    .join(", ");
}
