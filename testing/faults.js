'use strict';

/**
 * Scripted faults: what goes wrong with which request. It is decided here before a request is processed; `sandbox.js`
 * carries it out.
 */

const { refusal } = require('./replies.js');

const POSITIVE = (value) => typeof value === 'number' && value > 0 && Number.isFinite(value);
const FRACTION = (value) => typeof value === 'number' && value >= 0 && value <= 1;
const FLAG = (value) => typeof value === 'boolean';
const COUNT = (value) => Number.isInteger(value) && value > 0;
const IDS = (value) => Array.isArray(value) && value.every((id) => typeof id === 'string');

/** The fields of every fault, and those of each kind, with the check of their values. */
const COMMON = {
  kind: () => true,
  when: (value) => value !== null && typeof value === 'object',
  rate: FRACTION,
  times: COUNT,
};
const KINDS = {
  delay: { ms: POSITIVE },
  throttle: { perSecond: POSITIVE, burst: POSITIVE, retryAfter: POSITIVE },
  drip: { ms: POSITIVE },
  hang: { processed: FLAG },
  resetBefore: {},
  resetAfter: {},
  truncate: {},
  badJson: {},
  status: {
    status: (value) => Number.isInteger(value) && value >= 400 && value <= 599,
    processed: FLAG,
    retryAfter: POSITIVE,
  },
  partial: { ids: IDS, processed: FLAG, missing: FLAG },
};
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];
const WHEN = {
  method: (value) => typeof value === 'string' && METHODS.includes(value.toUpperCase()),
  path: (value) => typeof value === 'string' || value instanceof RegExp,
  from: COUNT,
  to: COUNT,
};

function checkFields(input, known, what) {
  for (const [name, value] of Object.entries(input)) {
    if (!Object.hasOwn(known, name)) {
      throw new TypeError(`${what}: unknown field '${name}'; known: ${Object.keys(known).join(', ')}`);
    }
    if (value !== undefined && !known[name](value))
      throw new TypeError(`${what}: invalid ${name}: ${String(value)}`);
  }
}

function check(fault, index) {
  const what = `faults[${index}]`;
  if (fault === null || typeof fault !== 'object') throw new TypeError(`${what} must be an object`);
  if (!Object.hasOwn(KINDS, fault.kind)) {
    throw new TypeError(
      `${what}: unknown kind '${String(fault.kind)}'; known: ${Object.keys(KINDS).join(', ')}`,
    );
  }
  checkFields(fault, { ...COMMON, ...KINDS[fault.kind] }, `${what} (${fault.kind})`);
  checkFields(fault.when ?? {}, WHEN, `${what}.when`);
  const { from = 1, to = from } = fault.when ?? {};
  if (to < from) throw new TypeError(`${what}.when: to is ${to}, before from, ${from}`);
  if (fault.kind === 'delay' && fault.ms === undefined) throw new TypeError(`${what} (delay) needs ms`);
  if (fault.kind === 'throttle' && fault.perSecond === undefined)
    throw new TypeError(`${what} (throttle) needs perSecond`);
  return fault;
}

/** A generator of numbers from 0 to 1, the same for the same seed (mulberry32). */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A token bucket: filled at a rate; each request takes a token. */
class TokenBucket {
  // A bucket of less than one token lets nothing through: only if the caller says so.
  constructor({ perSecond, burst = Math.max(1, perSecond) }) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.tokens = burst;
    this.at = process.hrtime.bigint();
  }

  take() {
    const now = process.hrtime.bigint();
    this.tokens = Math.min(this.burst, this.tokens + (Number(now - this.at) / 1e9) * this.perSecond);
    this.at = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }

  /** The seconds until there is a token, whole ones as in `Retry-After`. */
  secondsToWait() {
    return Math.max(1, Math.ceil((1 - this.tokens) / this.perSecond));
  }
}

/** The script of a sandbox. */
class Faults {
  /**
   * @param {object[]} list the faults; see `SandboxFault` in index.d.ts
   * @param {number} seed the seed of all random choices
   */
  constructor(list, seed) {
    if (!Array.isArray(list)) throw new TypeError('faults must be an array');
    this.random = random(seed);
    this.entries = list.map(check).map((fault) => ({
      fault,
      matched: 0,
      used: 0,
      bucket: fault.kind === 'throttle' ? new TokenBucket(fault) : undefined,
    }));
  }

  /** Whether a fault applies to this request; counts the requests. */
  applies(entry, call) {
    const { when = {}, rate = 1, times = Infinity } = entry.fault;
    if (when.method !== undefined && when.method.toUpperCase() !== call.method) return false;
    if (typeof when.path === 'string' && !call.path.endsWith(when.path)) return false;
    if (when.path instanceof RegExp && call.path.search(when.path) < 0) return false;
    entry.matched += 1;
    if (entry.matched < (when.from ?? 1) || entry.matched > (when.to ?? Infinity)) return false;
    // The rate of `partial` is one of records, not of requests.
    if (entry.used >= times || (entry.fault.kind !== 'partial' && rate < 1 && this.random() >= rate))
      return false;
    if (entry.bucket?.take()) return false;
    entry.used += 1;
    return true;
  }

  /**
   * Plans what goes wrong with a request: all delays and drips that apply, and the first of the other faults.
   *
   * @param {object} call the request
   * @returns {{ delayMs: number, dripMs: number | undefined, fault: object | undefined, reply: object | undefined,
   *   pick: Function | undefined }} `reply` replaces the processing; `pick` says how a record of a bulk close fails,
   *   or undefined
   */
  plan(call) {
    const plan = { delayMs: 0, dripMs: undefined, fault: undefined, reply: undefined, pick: undefined };
    for (const entry of this.entries) {
      const { fault } = entry;
      const isModifier = fault.kind === 'delay' || fault.kind === 'drip';
      if ((!isModifier && plan.fault !== undefined) || !this.applies(entry, call)) continue;
      if (fault.kind === 'delay') plan.delayMs += fault.ms;
      else if (fault.kind === 'drip') plan.dripMs = fault.ms ?? 2;
      else plan.fault = fault;
      if (fault.kind === 'throttle') plan.reply = throttled(fault.retryAfter ?? entry.bucket.secondsToWait());
      if (fault.kind === 'partial') plan.pick = (id) => this.picks(fault, id);
      if (fault.kind === 'status' && !fault.processed) plan.reply = proxyError(fault);
    }
    return plan;
  }

  picks({ ids, rate, processed = false, missing = false }, id) {
    const isPicked = ids ? ids.includes(id) : this.random() < (rate ?? 1);
    return isPicked ? { processed, missing } : undefined;
  }
}

function throttled(seconds) {
  return refusal(429, 'SYS_429', ['Request was throttled.'], ['Retry-After', `${seconds}`]);
}

/** The reply of a proxy in front of the API: a status and HTML. */
function proxyError({ status = 502, retryAfter }) {
  const body = `<html><body>${status}</body></html>`;
  const more = retryAfter === undefined ? [] : ['Retry-After', `${retryAfter}`];
  return {
    status,
    headers: ['Content-Type', 'text/html', 'Content-Length', `${body.length}`, ...more],
    body,
  };
}

/**
 * Applies a fault to a reply of the API.
 *
 * @param {object | undefined} fault the fault
 * @param {object} reply the reply
 * @returns {{ reply: object | undefined, cut?: number }} `reply` is undefined if nothing is sent; `cut` is after how
 *   many bytes of the body the connection ends
 */
function applyFault(fault, reply) {
  switch (fault?.kind) {
    case 'resetAfter':
      return { reply: undefined, cut: 0 };
    case 'truncate':
      return { reply, cut: Math.floor(Buffer.byteLength(reply.body) / 2) };
    case 'badJson': {
      const body = '{"oops';
      return {
        reply: {
          status: reply.status,
          headers: ['Content-Type', 'application/json', 'Content-Length', '6'],
          body,
        },
      };
    }
    case 'status':
      return { reply: proxyError(fault) };
    default:
      return { reply };
  }
}

module.exports = { Faults, applyFault };
