import { ClusterError } from "./cluster";

/**
 * Remembers that a cluster refused an account: failed logins lock accounts, so what was refused once is not tried
 * again in this process, on no node. Until the first login has succeeded they go one at a time.
 */
export class RefusedCredentials {
  #error: ClusterError | null = null;
  #accepted = false;
  #turn: Promise<void> = Promise.resolve();

  /** @throws ClusterError the first refusal */
  async guard<T>(login: () => Promise<T>): Promise<T> {
    const before = this.#turn;
    let release = () => {};
    this.#turn = new Promise((resolve) => {
      release = resolve;
    });
    await before;
    if (this.#accepted) release();
    try {
      if (this.#error) throw this.#error;
      const result = await login();
      this.#accepted = true;
      return result;
    } catch (error) {
      if (error instanceof ClusterError && error.kind === "credentials") this.#error ??= error;
      throw error;
    } finally {
      release();
    }
  }
}
