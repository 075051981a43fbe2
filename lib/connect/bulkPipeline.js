'use strict';

/** The requests of `closeMany` on a customised client: each travels the pipeline, hooks and adapter included. */

const { answerOf, readText } = require('./settle');
const { follow } = require('./http/stage');
const { ConnectionError, HttpError } = require('./api/errors');

/** The codes of connections that fail, as Node, OpenSSL and undici have them; not those of files and arguments. */
const NETWORK_CODE =
  /^(E(AI_[A-Z]+|CONN[A-Z]+|HOST[A-Z]+|NET[A-Z]+|NOTFOUND|PIPE|PROTO|TIMEDOUT|ADDR[A-Z]+)|UND_ERR_(?!INVALID_ARG)\w+|ERR_(HTTP2|SSL|TLS|STREAM_PREMATURE|NETWORK)\w*|\w*CERT\w*)$/;

/** Whether an error says that a connection failed, and not that the caller's code is wrong. */
function isNetwork(error) {
  if (error instanceof ConnectionError) return true;
  if (typeof error !== 'object' || error === null) return false;
  const { code, name, type, cause } = error;
  return (
    NETWORK_CODE.test(code) ||
    NETWORK_CODE.test(cause?.code) ||
    // The platform's `fetch`, and node-fetch.
    error.message === 'fetch failed' ||
    name === 'FetchError' ||
    type === 'system' ||
    name === 'AbortError' ||
    name === 'TimeoutError'
  );
}

/** The text of what was thrown, which may be anything: a symbol, an object that cannot be printed. */
function textOf(thrown) {
  try {
    return String(thrown?.message ?? thrown);
  } catch {
    return 'something was thrown that has no text';
  }
}

/** What a request that failed says to the run. */
function failed(error, stage, seen) {
  const { code, cause } = error || {};
  // The answer that it is for. Not another error with a status: who threw it may have seen another answer.
  if (error instanceof HttpError) {
    const { status, retryAfter } = error;
    if (status === 401 || status === 403) seen.refusal = error;
    return { status, body: textOf(error), retryAfter, ...answerOf(error) };
  }
  // The platform's `fetch` says why only in the cause.
  const told = { message: [error, cause].filter(Boolean).map(textOf).join(': ') || textOf(error) };
  const named = code === undefined ? cause?.code : code;
  if (typeof named === 'string') told.code = named;
  told.maybeProcessed = !stage.isUnsent;
  if (isNetwork(error)) return told;
  // The caller's code threw, or what it asks for cannot be sent: the run ends, with this error.
  seen.mistake = seen.mistake || { error };
  return { ...told, input: true };
}

/** Sends one request of the run; keeps in `seen` an error that will end the run. */
async function sendOne(resource, { path, method, body }, signal, seen) {
  // The run has its own way of trying again, which reads back before it sends.
  const options = { maxRetries: 0 };
  const stage = follow(options);
  try {
    if (method !== 'GET') Object.assign(options, { method, body: JSON.parse(body) });
    if (signal !== undefined) options.signal = signal;
    const response = await resource.fetch(path, options);
    return {
      status: response.status || 200,
      body: await readText(response),
      redirected: response.redirected === true,
    };
  } catch (error) {
    return unlessBroken(() => failed(error, stage, seen), error, seen);
  }
}

/** Says what was thrown, even if it throws when it is looked at: a request without an answer would never end. */
function unlessBroken(say, error, seen) {
  try {
    return say();
  } catch {
    seen.mistake = seen.mistake || { error };
    return { message: textOf(error), maybeProcessed: true, input: true };
  }
}

/**
 * Sends the requests of a run through the pipeline, in the caller's own asynchronous context, as many at once as the
 * run asks for.
 *
 * @param {BulkRun} run The run.
 * @param {Source} source Its records.
 * @param {GenericResource} resource The usage records.
 * @param {AbortSignal} [signal] What calls the run off.
 * @param {object} seen Gets `refusal` and `mistake`, errors of the caller's realm that end a run.
 * @returns {Promise<void>} Resolves when there are no more requests.
 */
async function serve(run, source, resource, signal, seen) {
  for (;;) {
    const request = await run.next(source.isOver);
    if (request === null) return;
    if (request === undefined) await source.moved();
    else sendOne(resource, request, signal, seen).then((result) => run.answer(request.number, result));
  }
}

module.exports = { serve };
