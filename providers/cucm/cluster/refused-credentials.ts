import { ClusterError } from "./cluster";

/**
 * Remembers that a cluster refused an account: failed logins lock accounts, so what was refused once is not tried
 * again in this process, on no node.
 */
export class RefusedCredentials {
  #error: ClusterError | null = null;

  /** @throws ClusterError the first refusal */
  async guard<T>(login: () => Promise<T>): Promise<T> {
    if (this.#error) throw this.#error;
    try {
      return await login();
    } catch (error) {
      if (error instanceof ClusterError && error.kind === "credentials") this.#error ??= error;
      throw error;
    }
  }
}
