'use strict';

/** @import GenericResource from '../../connect/api/base' */

/**
 * `waitFor`: polls an object until it is in a state. What a poll means and when the next one is due is decided in Rust
 * (`src/core/resources/wait.rs`); here the object is read, with the resource's own `get`, and the timers run.
 */

const binding = require('../../../binding.js');
const {
  ConnectionError,
  HttpError,
  KEY,
  StateError,
  TimeoutError,
  isTransient,
  toError,
} = require('../results/errors.js');
const rules = require('../options.js');
const { isNetworkError } = require('../results/networkError.js');
const { abortReason, followSignal, onAbort } = require('../transport/abort.js');

const OPTIONS = {
  timeout: rules.milliseconds,
  signal: rules.signal,
  onPoll: rules.callback,
  interval: rules.milliseconds,
  maxInterval: rules.milliseconds,
};

function readOptions(options) {
  if (options === undefined || options === null) return {};
  if (!rules.isPlain(options)) {
    throw new TypeError(`waitFor: the options must be an object; got ${rules.describeValue(options)}`);
  }
  rules.checkOptions(OPTIONS, options, { prefix: 'waitFor: ' });
  return options;
}

/** A list of states as texts; Rust knows which there are. */
function listStates(states) {
  return (Array.isArray(states) ? states : [states]).map((state) =>
    typeof state === 'string' ? state : rules.describeValue(state),
  );
}

/** What Rust is told of a poll that failed. */
function describeFailure(error) {
  // Only our own error is the response to this request.
  if (error instanceof HttpError) {
    const { status, retryAfter } = /** @type {*} */ (error);
    return { status, retryAfter, isTransient: false, maybeSent: true };
  }
  return {
    isTransient: error instanceof ConnectionError ? isTransient(error) : isNetworkError(error),
    maybeSent: error?.maybeProcessed !== false,
  };
}

/** The text that an object has in a nested field; undefined if it has none. */
function textAt(object, names) {
  let value = object;
  for (const name of names) value = value?.[name];
  return names.length > 0 && typeof value === 'string' && value !== '' ? value : undefined;
}

/** One wait. */
class Waiting {
  constructor(resource, wait, id, wanted) {
    this._resource = resource;
    this._wait = wait;
    this._id = id;
    this._wanted = wanted;
    this._isOver = false;
    /** The object of the last poll that gave one, and why a later one gave none. */
    this._object = undefined;
    this._failure = undefined;
  }

  get _details() {
    return { [KEY]: this._resource._client?._apiKey };
  }

  /** Resolves after some time, unless the wait has ended. */
  _sleep(ms) {
    return new Promise((resolve) => {
      this._sleeping = setTimeout(resolve, Math.min(ms, rules.MAX_TIMER_MS));
    });
  }

  /** Reads the object; what follows, and the error if there is one. */
  async _poll(signal) {
    try {
      this._object = await this._resource.get(this._id, { signal });
      this._failure = undefined;
      const status = this._object?.status;
      return { step: this._wait.onObject(typeof status === 'string' ? status : undefined) };
    } catch (error) {
      this._failure = error;
      return { step: this._wait.onFailure(describeFailure(error)), error };
    }
  }

  /** Polls until the object is in one of the states. */
  async _run(signal, onPoll) {
    while (!this._isOver) {
      const { step, error } = await this._poll(signal);
      if (this._isOver) return undefined;
      if (step.action === 'fail') throw error;
      if (step.action === 'reached') return this._object;
      if (step.action === 'unreachable') throw this._stateError(step.detail);
      if (error === undefined) await onPoll?.(this._object);
      if (!this._isOver) await this._sleep(step.ms);
    }
    return undefined;
  }

  /** Rejects when the time is up, or the caller's signal is aborted. */
  _end(signal) {
    return new Promise((_, reject) => {
      this._deadline = setTimeout(() => reject(this._timeoutError()), this._wait.timeout);
      this._unsubscribe = signal && onAbort(signal, () => reject(abortReason(signal)));
    });
  }

  /**
   * Waits.
   *
   * @param {object} options `signal` and `onPoll`.
   * @returns {Promise<object>} The object.
   */
  async run({ signal, onPoll }) {
    if (signal?.aborted) throw abortReason(signal);
    const polls = followSignal(signal);
    try {
      return await Promise.race([this._end(signal), this._run(polls.signal, onPoll)]);
    } finally {
      this._isOver = true;
      clearTimeout(this._deadline);
      clearTimeout(this._sleeping);
      this._unsubscribe?.();
      polls.unsubscribe();
      // A poll may be under way.
      polls.abort();
    }
  }

  _stateError(names) {
    const { status } = this._object;
    const detail = textAt(this._object, names);
    const what = `${this._id} is ${status}, after which it cannot become ${this._wanted.join(' or ')}`;
    const reason = detail === undefined ? '' : `: ${detail}`;
    return new StateError(`waitFor: ${what}${reason}`, {
      object: this._object,
      status,
      states: this._wanted,
      detail,
      ...this._details,
    });
  }

  _timeoutError() {
    const status =
      this._object === undefined ? 'has not been read' : `is ${this._object?.status ?? 'without a status'}`;
    const after = `${this._wait.timeout / 1000} s (timeout)`;
    const failure = this._failure === undefined ? '' : `; the last poll failed: ${this._failure?.message}`;
    return new TimeoutError(
      `waitFor: ${this._id} ${status} and has not become ${this._wanted.join(' or ')} within ${after}${failure}`,
      { object: this._object, cause: this._failure, ...this._details },
    );
  }
}

/**
 * Polls an object until it is in one of some states; see `types/wait-for.d.ts`.
 *
 * @param {GenericResource} resource The resource.
 * @param {string} className Its class, as Rust declares it.
 * @param {string|number|bigint} id The object's id.
 * @param {string|string[]} states The states.
 * @param {object} [options] See `types/wait-for.d.ts`.
 * @returns {Promise<object>} The object.
 */
async function waitFor(resource, className, id, states, options) {
  const { signal, onPoll, ...schedule } = readOptions(options);
  const wanted = listStates(states);
  const wait = new binding.Wait(className, wanted, schedule);
  if (wait.refusal !== undefined) throw toError(wait.refusal);
  return new Waiting(resource, wait, id, wanted).run({ signal, onPoll });
}

module.exports = { waitFor };
