/** From the first write on nothing is cancelled half-way, but finished or undone; time-outs still hold. */
export const NEVER = new AbortController().signal;
