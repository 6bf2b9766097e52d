/** For debugging: what was asked where and how long it took. Never a credential. */
export type Log = (
  line: string,
  fields: { readonly [name: string]: string | number | boolean | null },
) => void;
