'use strict';

/**
 * Faults by script: what goes wrong with which request. Everything is decided here, as a value, before a request is
 * processed; `sandbox.js` carries it out.
 */

const { refusal } = require('./replies.js');

const POSITIVE = (value) => typeof value === 'number' && value > 0 && Number.isFinite(value);
const FRACTION = (value) => typeof value === 'number' && value >= 0 && value <= 1;
const FLAG = (value) => typeof value === 'boolean';
const COUNT = (value) => Number.isInteger(value) && value > 0;

/** What every fault may say, and what each kind may besides: the check of its value. */
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
  partial: { ids: Array.isArray, processed: FLAG, missing: FLAG },
};
const WHEN = {
  method: (value) => typeof value === 'string',
  path: (value) => typeof value === 'string' || value instanceof RegExp,
  from: COUNT,
  to: COUNT,
};

function checkKeys(given, known, what) {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(known, name)) {
      throw new TypeError(`${what} has no ${name}; there are ${Object.keys(known).join(', ')}`);
    }
    if (value !== undefined && !known[name](value))
      throw new TypeError(`${what}: ${name} cannot be ${String(value)}`);
  }
}

function check(fault, index) {
  const what = `faults[${index}]`;
  if (fault === null || typeof fault !== 'object') throw new TypeError(`${what} must be an object`);
  if (!Object.hasOwn(KINDS, fault.kind)) {
    throw new TypeError(
      `${what}: there is no kind ${String(fault.kind)}; there are ${Object.keys(KINDS).join(', ')}`,
    );
  }
  checkKeys(fault, { ...COMMON, ...KINDS[fault.kind] }, `${what} (${fault.kind})`);
  checkKeys(fault.when ?? {}, WHEN, `${what}.when`);
  if (fault.kind === 'delay' && fault.ms === undefined) throw new TypeError(`${what} (delay) needs ms`);
  if (fault.kind === 'throttle' && fault.perSecond === undefined)
    throw new TypeError(`${what} (throttle) needs perSecond`);
  return fault;
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A bucket of tokens, filled at a rate, from which each request takes one. */
class Bucket {
  constructor({ perSecond, burst = perSecond }) {
    Object.assign(this, { perSecond, burst, tokens: burst, at: process.hrtime.bigint() });
  }

  take() {
    const now = process.hrtime.bigint();
    this.tokens = Math.min(this.burst, this.tokens + (Number(now - this.at) / 1e9) * this.perSecond);
    this.at = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }

  /** Seconds until there is a token again, as whole ones as `Retry-After` has them. */
  wait() {
    return Math.max(1, Math.ceil((1 - this.tokens) / this.perSecond));
  }
}

/** The script of a sandbox. */
class Faults {
  /**
   * @param {object[]} list the faults; see `SandboxFault` in index.d.ts
   * @param {number} seed what chance begins with
   */
  constructor(list, seed) {
    if (!Array.isArray(list)) throw new TypeError('faults must be an array');
    this.chance = random(seed);
    this.entries = list.map(check).map((fault) => ({
      fault,
      seen: 0,
      used: 0,
      bucket: fault.kind === 'throttle' ? new Bucket(fault) : undefined,
    }));
  }

  /** Whether a fault is for this request; counts it. */
  applies(entry, call) {
    const { when = {}, rate = 1, times = Infinity } = entry.fault;
    if (when.method !== undefined && when.method !== call.method) return false;
    if (typeof when.path === 'string' && !call.path.endsWith(when.path)) return false;
    if (when.path instanceof RegExp && !when.path.test(call.path)) return false;
    entry.seen += 1;
    if (entry.seen < (when.from ?? 1) || entry.seen > (when.to ?? Infinity)) return false;
    // Of `partial` the rate is that of its records.
    if (entry.used >= times || (entry.fault.kind !== 'partial' && rate < 1 && this.chance() >= rate))
      return false;
    if (entry.bucket?.take()) return false;
    entry.used += 1;
    return true;
  }

  /**
   * What is to go wrong with a request: all delays and drips that apply, and the first of the other faults.
   *
   * @param {object} call the request
   * @returns {{ delayMs: number, dripMs: number | undefined, fault: object | undefined, reply: object | undefined,
   *   pick: Function | undefined }} `reply` is to be given instead of processing; `pick` tells of a record of a bulk
   *   close whether it is to be left out
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
      if (fault.kind === 'throttle') plan.reply = throttled(fault.retryAfter ?? entry.bucket.wait());
      if (fault.kind === 'partial') plan.pick = (id) => this.picks(fault, id);
      if (fault.kind === 'status' && !fault.processed) plan.reply = trouble(fault);
    }
    return plan;
  }

  picks({ ids, rate, processed = false, missing = false }, id) {
    const isPicked = ids ? ids.includes(id) : this.chance() < (rate ?? 1);
    return isPicked ? { processed, missing } : undefined;
  }
}

function throttled(seconds) {
  return refusal(429, 'SYS_429', ['Request was throttled.'], ['Retry-After', `${seconds}`]);
}

/** What a proxy says in the place of the API: a status, and text. */
function trouble({ status = 502, retryAfter }) {
  const body = `<html><body>${status}</body></html>`;
  const more = retryAfter === undefined ? [] : ['Retry-After', `${retryAfter}`];
  return {
    status,
    headers: ['Content-Type', 'text/html', 'Content-Length', `${body.length}`, ...more],
    body,
  };
}

/**
 * What becomes of a reply on its way out.
 *
 * @param {object | undefined} fault the fault
 * @param {object} reply the reply of the API
 * @returns {{ reply: object | undefined, cut: number | undefined }} `reply` is undefined where nothing is sent; `cut` is
 *   after how many bytes of the body the connection ends
 */
function spoil(fault, reply) {
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
      return { reply: trouble(fault) };
    default:
      return { reply };
  }
}

module.exports = { Faults, spoil };
