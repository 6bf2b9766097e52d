/** What the lab's own server can do as the version that it plays. From ISC's change log, and measured on 2.2, 2.6, 3.0. */
export interface Version {
  /** 2.4: a hash of the configuration in answers, `config-hash-get`, `never-send`. */
  readonly hashes: boolean;
  /** 2.3.6: a config-set that fails leaves the server serving. */
  readonly recovers: boolean;
  /** 2.7: elements of option-data for members of a class; of several for one option the first is served. */
  readonly classTags: boolean;
  /** 2.7.2: the daemon has HTTP sockets of its own, and prints `control-sockets`. */
  readonly httpSocket: boolean;
}

export function versionOf(text: string): Version {
  const [major = 0, minor = 0, patch = 0] = text.split(".").map(Number);
  const since = (a: number, b: number, c = 0) => major * 1e6 + minor * 1e3 + patch >= a * 1e6 + b * 1e3 + c;
  return {
    hashes: since(2, 4),
    recovers: since(2, 3, 6),
    classTags: since(2, 7),
    httpSocket: since(2, 7, 2),
  };
}
