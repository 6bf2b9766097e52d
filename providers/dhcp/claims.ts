/**
 * Which scopes the resources of one run have planned. Two resources on one scope would undo each other in turns. Core
 * tells a provider no addresses: it shows only when both pass through one process, as in every run of one stack.
 */
export class Claims {
  private readonly planned = new Map<string, Set<"create" | "update">>();

  /**
   * Core plans each resource once; one that it is told to replace as an update and then as a create.
   * @returns `certain` when there surely is another resource, `likely` when it may be a replacement; null when this
   *   is the first.
   */
  claim(id: string, as: "create" | "update"): "certain" | "likely" | null {
    const before = this.planned.get(id) ?? new Set();
    this.planned.set(id, new Set([...before, as]));
    if (before.has(as)) return "certain";
    return before.size > 0 ? "likely" : null;
  }
}
