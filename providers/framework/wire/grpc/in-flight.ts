/** The calls that are being answered, so that they can be aborted together. */
export class InFlight {
  private readonly controllers = new Set<AbortController>();
  private whenIdle: (() => void)[] = [];

  get size(): number {
    return this.controllers.size;
  }

  begin(): AbortController {
    const controller = new AbortController();
    this.controllers.add(controller);
    return controller;
  }

  end(controller: AbortController): void {
    this.controllers.delete(controller);
    if (this.controllers.size > 0) return;
    for (const resolve of this.whenIdle.splice(0)) resolve();
  }

  abortAll(reason: Error): void {
    for (const controller of this.controllers) controller.abort(reason);
  }

  idle(): Promise<void> {
    if (this.controllers.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.whenIdle.push(resolve));
  }
}
