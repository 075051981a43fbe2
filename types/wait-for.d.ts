import type { Id } from './objects';
import type { AbortSignalLike } from './platform';

/** The options of `waitFor`. */
export interface WaitOptions<T> {
  /** Milliseconds to wait at most, above 0. Default: 1800000, half an hour. */
  timeout?: number | undefined;
  /** Ends the wait at once: it rejects with the signal's reason. */
  signal?: AbortSignalLike | null | undefined;
  /**
   * Called with the object after each poll that did not end the wait. What it returns is awaited before the next poll; what
   * it throws or rejects with ends the wait.
   */
  onPoll?: ((object: T) => unknown) | undefined;
  /** Milliseconds after the first poll, above 0; half as many again after each further one. Default: 1000. */
  interval?: number | undefined;
  /** The most milliseconds between two polls, at least `interval`. Default: 30000. */
  maxInterval?: number | undefined;
}

/** What resources have whose objects are processed after a call. */
export interface WaitFor<T, S extends string> {
  /**
   * Waits until an object is in a state: reads it again and again, ever less often. States that Connect does not document are
   * waited through.
   *
   * A poll that fails although its request was repeated does not end the wait if there may be an answer later: after 408, 429,
   * a 5xx, a lost connection or a time-out. Any other error ends it, and so does a server that could not be reached at the
   * first poll.
   *
   * @param id Its id.
   * @param states The state, or several of which any will do.
   * @param options How long, and how often.
   * @returns The object in that state. Rejects with StateError as soon as the object cannot come to any of the states,
   *   or only by starting over; with TimeoutError when the time is up; with TypeError for a state or an option that there is
   *   not; as `get` does if the object cannot be read.
   *
   * @example
   * await client.usageFiles.upload('UF-2021-01-3453-7567', { path: 'january.xlsx' });
   * await client.usageFiles.waitFor('UF-2021-01-3453-7567', 'ready', { timeout: 10 * 60_000 });
   * await client.usageFiles.submit('UF-2021-01-3453-7567');
   */
  waitFor(id: Id, states: S | readonly S[], options?: WaitOptions<T> | null): Promise<T>;
}
