import { shown } from "../answer-text";
import type { Finding } from "../backend";
import { narrower } from "./narrower";
import { isForPilots } from "./pilot-classes";
import type { ScopeView } from "./scope-view";
import { servedBy } from "./value";

/** Narrower scopes with an option 150 of their own: clients there do not see what this scope answers. */
export const shadows = (view: ScopeView): Finding[] =>
  narrower(view).flatMap(({ name: scope, node }) =>
    view.document.entries(node).map((entry) => ({
      kind: "shadowed",
      severity: isForPilots(entry) ? "info" : "warning",
      scope: entry.classes.length > 0 ? `${scope} class ${entry.classes.join(", ")}` : scope,
      value: entry.neverSend ? "never-send true" : shown(servedBy(entry, view.document.definition)),
      advice: isForPilots(entry)
        ? "It is written by a run, for pilots, and goes before the scope's own answer."
        : "This goes before the scope's own answer: phones there do not see the change. Remove it, or know why it is there: a phone that is a pilot of another wave keeps its own.",
    })),
  );
