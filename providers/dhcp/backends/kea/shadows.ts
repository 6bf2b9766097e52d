import { shown } from "../answer-text";
import type { Finding } from "../backend";
import { narrower } from "./narrower";
import type { ScopeView } from "./scope-view";
import { servedBy } from "./value";

/** Narrower scopes with an option 150 of their own: clients there do not see what this scope answers. */
export const shadows = (view: ScopeView): Finding[] =>
  narrower(view).flatMap(({ name: scope, node }) =>
    view.document.entries(node).map((entry) => ({
      kind: "shadowed",
      severity: "warning",
      scope: entry.classes.length > 0 ? `${scope} class ${entry.classes.join(", ")}` : scope,
      value: entry.neverSend ? "never-send true" : shown(servedBy(entry, view.document.definition)),
      advice:
        "This goes before the scope's own answer: phones there do not see the change. Remove it, or know why it is there.",
    })),
  );
