/** Which requests a fault is for, and how often. */
export interface SandboxFaultFilter {
  /** Only these. Default: all. */
  when?: {
    /** With this verb. */
    method?: string;
    /** With a path that ends like this, or that the expression finds. */
    path?: string | RegExp;
    /** From the request of this number on, counted from 1 among those of this verb and path. */
    from?: number;
    /** Up to the request of this number. */
    to?: number;
  };
  /** How likely it is, from 0 to 1; of `partial`, for each record. Default: 1. */
  rate?: number;
  /** How often at most. Default: always. */
  times?: number;
}

/**
 * What goes wrong with a request. Of several that are for the same one, all of `delay` and `drip` hold, and of the
 * others the first.
 */
export type SandboxFault = SandboxFaultFilter &
  (
    | { /** It is processed only after so many milliseconds. */ kind: 'delay'; ms: number }
    | {
        /** Answered with 429 and `Retry-After`, and not processed, when a bucket of tokens is empty. */
        kind: 'throttle';
        /** How many tokens are added a second. */
        perSecond: number;
        /** How many the bucket holds; below 1, nothing passes. Default: those of a second, at least 1. */
        burst?: number;
        /** Seconds to ask for. Default: until there is a token, at least 1. */
        retryAfter?: number;
      }
    | { /** The answer comes in twenty pieces, `ms` apart (2). */ kind: 'drip'; ms?: number }
    | { /** Never answered. */ kind: 'hang'; processed?: boolean }
    | { /** The connection is reset before anything is done. */ kind: 'resetBefore' }
    | { /** Everything is done, then the connection is reset. */ kind: 'resetAfter' }
    | { /** Everything is done, and half of the answer's body is sent. */ kind: 'truncate' }
    | { /** Everything is done, and the answer is no JSON. */ kind: 'badJson' }
    | {
        /** Answered as a proxy does: a status, and text. */
        kind: 'status';
        /** Default: 502. */
        status?: number;
        /** Whether everything is done nevertheless. Default: false. */
        processed?: boolean;
        /** Seconds for `Retry-After`. Default: none. */
        retryAfter?: number;
      }
    | {
        /** Some records of a bulk close come back as an error. */
        kind: 'partial';
        /** Which. Default: by `rate`. */
        ids?: string[];
        /** Whether they are closed nevertheless. Default: false. */
        processed?: boolean;
        /** Whether they are left out of the answer instead. Default: false. */
        missing?: boolean;
      }
  );
