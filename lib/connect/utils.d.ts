/** Whether a value is an object in the strict sense: not an array, a date, a map or null. */
export function isObjectStrict(value: unknown): value is object;

/** Whether a value is undefined, null, '', [] or {}. */
export function isNilOrEmpty(value: unknown): boolean;

/** `first` if the condition holds, else `second`. The arguments may be given one after the other. */
export function alt<A, B>(first: A, second: B, condition: unknown): A | B;
export function alt(...given: unknown[]): (...more: unknown[]) => unknown;
