import type { ExchangeDirectory, ExchangeFile } from "../../../providers/cucm/cluster/transports/sftp";

/** A directory of an SFTP server in memory: folders are names with a slash. */
export class FakeDirectory implements ExchangeDirectory {
  readonly contents = new Map<string, { readonly text: string; readonly modified: number }>();
  /** How often somebody logged in. */
  opened = 0;
  free: number | null = null;
  private clock = 0;

  put(name: string, text: string): void {
    this.clock += 1000;
    this.contents.set(name, { text, modified: this.clock });
  }
  get names(): readonly string[] {
    return [...this.contents.keys()].sort();
  }

  async files(): Promise<readonly ExchangeFile[]> {
    return this.names
      .filter((name) => !name.includes("/"))
      .map((name) => {
        const { text, modified } = this.contents.get(name)!;
        return { name, size: text.length, modified };
      });
  }
  async read(file: string, most: number): Promise<Buffer | null> {
    const found = this.contents.get(file);
    return found === undefined ? null : Buffer.from(found.text, "latin1").subarray(0, most);
  }
  async write(file: string, text: string): Promise<void> {
    this.put(file, text);
  }
  async remove(file: string): Promise<void> {
    this.contents.delete(file);
  }
  async makeFolder(): Promise<void> {}
  async rename(from: string, to: string): Promise<void> {
    this.contents.set(to, this.contents.get(from)!);
    this.contents.delete(from);
  }
  async freeBytes(): Promise<number | null> {
    return this.free;
  }
  async close(): Promise<void> {}
}
