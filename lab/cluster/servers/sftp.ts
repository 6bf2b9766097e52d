import { type KeyObject, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server as NetServer, type Socket } from "node:net";
import { posix } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type AuthContext, type Connection, Server, type SFTPWrapper, utils } from "ssh2";
import type { Account } from "../options";
import { hostKeyOf } from "../pki/host-key";

/** In one answer to a listing, as OpenSSH does. */
const ENTRIES = 100;

const { OPEN_MODE, STATUS_CODE } = utils.sftp;

interface LabFile {
  bytes: Buffer;
  /** Epoch seconds. */
  modified: number;
}

/** What an open handle is. */
type Handle =
  | { readonly kind: "file"; readonly path: string; readonly file: LabFile; readonly writes: boolean }
  | { readonly kind: "folder"; readonly path: string; sent: number };

/** An SFTP server that keeps a few files in memory: where clusters exchange certificates in bulk. */
export class LabSftp {
  static readonly DIRECTORY = "/exchange";
  readonly fingerprint: string;
  readonly files = new Map<string, LabFile>();
  readonly folders = new Set<string>(["/", LabSftp.DIRECTORY]);
  /** Nothing may be written. */
  readOnly = false;
  /** Listings are not answered. */
  silent = false;
  /** The account is refused. */
  refuses = false;
  /** Ways to log in. */
  methods: readonly ("password" | "keyboard-interactive")[] = ["password"];
  /** Passwords that were shown, and how many were right. */
  attempts = 0;
  logins = 0;
  private readonly ssh: Server;
  private readonly tcp: NetServer;
  private readonly sockets = new Set<Socket>();

  constructor(
    private readonly account: Account,
    hostKey: KeyObject,
  ) {
    const { pem, fingerprint } = hostKeyOf(hostKey);
    this.fingerprint = fingerprint;
    this.ssh = new Server({ hostKeys: [pem] }, (client) => this.serve(client));
    this.tcp = createServer((socket) => {
      this.sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => this.sockets.delete(socket));
      this.ssh.injectSocket(socket);
    });
  }

  async listen(address: string, port: number): Promise<void> {
    this.tcp.listen(port, address);
    await once(this.tcp, "listening");
  }

  async close(): Promise<void> {
    const closed = once(this.tcp, "close");
    this.tcp.close();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** The directory is there, or it is not. */
  setThere(there: boolean): void {
    if (there) this.folders.add(LabSftp.DIRECTORY);
    else this.folders.delete(LabSftp.DIRECTORY);
  }

  private serve(client: Connection): void {
    client.on("error", () => {});
    client.on("authentication", (context) => this.authenticate(context));
    client.on("session", (accept) => {
      accept().on("sftp", (start) => new Requests(this, start()).listen());
    });
  }

  private authenticate(context: AuthContext): void {
    const reject = () => context.reject([...this.methods]);
    const decide = (password: string) => {
      this.attempts += 1;
      if (this.isRight(context.username, password)) {
        this.logins += 1;
        context.accept();
      } else void sleep(100).then(reject);
    };
    const { method } = context;
    if (!this.methods.some((one) => one === method)) reject();
    else if (method === "password") decide(context.password);
    else if (method === "keyboard-interactive")
      context.prompt([{ prompt: "Password: ", echo: false }], ([given = ""]) => decide(given));
  }

  private isRight(username: string, password: string): boolean {
    const [a, b] = [Buffer.from(password), Buffer.from(this.account.password)];
    const same = a.length === b.length && timingSafeEqual(a, b);
    return !this.refuses && username === this.account.username && same;
  }
}

/** One client's requests (draft-ietf-secsh-filexfer-02, the version that everybody speaks). */
class Requests {
  private readonly handles = new Map<number, Handle>();
  private next = 0;

  constructor(
    private readonly server: LabSftp,
    private readonly sftp: SFTPWrapper,
  ) {}

  listen(): void {
    const { sftp } = this;
    const { files, folders } = this.server;
    sftp.on("error", () => {});
    sftp.on("REALPATH", (id, path) => {
      const filename = absolute(path);
      sftp.name(id, [{ filename, longname: filename, attrs: attributes(null) }]);
    });
    for (const event of ["STAT", "LSTAT"] as const)
      sftp.on(event as "STAT", (id, path) => {
        const place = absolute(path);
        const file = files.get(place);
        if (file !== undefined) sftp.attrs(id, attributes(file));
        else if (folders.has(place)) sftp.attrs(id, attributes(null));
        else this.fail(id, "NO_SUCH_FILE");
      });
    sftp.on("FSTAT", (id, handle) => {
      const open = this.of(handle);
      if (open === undefined) return this.fail(id, "FAILURE");
      sftp.attrs(id, attributes(open.kind === "file" ? open.file : null));
    });
    for (const event of ["SETSTAT", "FSETSTAT"] as const) sftp.on(event as "SETSTAT", (id) => this.ok(id));
    sftp.on("OPENDIR", (id, path) => {
      const place = absolute(path);
      if (this.server.silent) return;
      if (!folders.has(place)) return this.fail(id, "NO_SUCH_FILE");
      this.opened(id, { kind: "folder", path: place, sent: 0 });
    });
    sftp.on("READDIR", (id, handle) => {
      const open = this.of(handle);
      if (open?.kind !== "folder") return this.fail(id, "FAILURE");
      const next = this.listing(open.path).slice(open.sent, open.sent + ENTRIES);
      if (next.length === 0) return this.fail(id, "EOF");
      open.sent += next.length;
      sftp.name(id, next);
    });
    sftp.on("OPEN", (id, path, flags) => this.open(id, absolute(path), flags));
    sftp.on("READ", (id, handle, offset, length) => {
      const open = this.of(handle);
      if (open?.kind !== "file") return this.fail(id, "FAILURE");
      if (offset >= open.file.bytes.length) return this.fail(id, "EOF");
      sftp.data(id, open.file.bytes.subarray(offset, offset + length));
    });
    sftp.on("WRITE", (id, handle, offset, data) => {
      const open = this.of(handle);
      if (open?.kind !== "file" || !open.writes) return this.fail(id, "PERMISSION_DENIED");
      const { file } = open;
      file.bytes = Buffer.concat([
        file.bytes.subarray(0, offset),
        data,
        file.bytes.subarray(offset + data.length),
      ]);
      file.modified = now();
      this.ok(id);
    });
    sftp.on("CLOSE", (id, handle) => {
      this.handles.delete(handle.readUInt32BE(0));
      this.ok(id);
    });
    sftp.on("MKDIR", (id, path) => this.writing(id, () => folders.add(absolute(path)) && true));
    sftp.on("REMOVE", (id, path) => this.writing(id, () => files.delete(absolute(path))));
    sftp.on("RENAME", (id, from, to) =>
      this.writing(id, () => {
        const [source, target] = [absolute(from), absolute(to)];
        const file = files.get(source);
        if (file === undefined || files.has(target) || !folders.has(posix.dirname(target))) return false;
        files.delete(source);
        files.set(target, file);
        return true;
      }),
    );
  }

  private open(id: number, path: string, flags: number): void {
    const { files, folders, readOnly } = this.server;
    const writes = (flags & (OPEN_MODE.WRITE | OPEN_MODE.APPEND)) !== 0;
    const creates = (flags & OPEN_MODE.CREAT) !== 0 && folders.has(posix.dirname(path));
    const file = files.get(path) ?? (creates ? { bytes: Buffer.alloc(0), modified: now() } : null);
    if (writes && readOnly) this.fail(id, "PERMISSION_DENIED");
    else if (file === null) this.fail(id, "NO_SUCH_FILE");
    else {
      if (flags & OPEN_MODE.TRUNC) file.bytes = Buffer.alloc(0);
      files.set(path, file);
      this.opened(id, { kind: "file", path, file, writes });
    }
  }

  private listing(folder: string) {
    const { files, folders } = this.server;
    const inside = (path: string) => path !== folder && posix.dirname(path) === folder;
    const entry = (path: string, file: LabFile | null) => {
      const filename = posix.basename(path);
      const longname = `${file ? "-rw-r--r--" : "drwxr-xr-x"} 1 lab lab ${file?.bytes.length ?? 0} Jan 1 00:00 ${filename}`;
      return { filename, longname, attrs: attributes(file) };
    };
    return [
      ...[...folders].filter(inside).map((path) => entry(path, null)),
      ...[...files].filter(([path]) => inside(path)).map(([path, file]) => entry(path, file)),
    ];
  }

  private writing(id: number, work: () => boolean): void {
    if (this.server.readOnly) this.fail(id, "PERMISSION_DENIED");
    else if (work()) this.ok(id);
    else this.fail(id, "NO_SUCH_FILE");
  }

  private opened(id: number, open: Handle): void {
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(this.next);
    this.handles.set(this.next, open);
    this.next += 1;
    this.sftp.handle(id, handle);
  }

  private of(handle: Buffer): Handle | undefined {
    return this.handles.get(handle.readUInt32BE(0));
  }

  private ok(id: number): void {
    this.sftp.status(id, STATUS_CODE.OK);
  }
  private fail(id: number, code: keyof typeof STATUS_CODE): void {
    this.sftp.status(id, STATUS_CODE[code]);
  }
}

const absolute = (path: string) => posix.resolve("/", path);
const now = () => Math.floor(Date.now() / 1000);

function attributes(file: LabFile | null) {
  const modified = file?.modified ?? now();
  const mode = file === null ? 0o040755 : 0o100644;
  return { mode, uid: 0, gid: 0, size: file?.bytes.length ?? 0, atime: modified, mtime: modified };
}
