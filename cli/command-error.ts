/** An error that is the user's to solve: its message says what is wrong and which command comes next. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  constructor(
    message: string,
    /** 1 failed, 2 not understood, 128 and its number: ended by a signal. */
    readonly exitStatus: number = 1,
  ) {
    super(message);
  }
}
