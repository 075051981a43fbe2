'use strict';

/** The commands `wait`, and the flag `--wait` of those that start something. */

const { metadata } = require('../resources/defineNativeMethods.js');
const { doEach } = require('./actions.js');
const { UsageError, errorText } = require('./errors.js');
const { readIds } = require('./ids.js');
const { Interrupted, onInterrupt } = require('./interrupt.js');
const { plain, write, writeJson } = require('./io.js');
const { suggestion } = require('./nearest.js');

const MINUTE = 60_000;

/** The flags of a wait. */
const WAIT_OPTIONS = {
  timeout: { type: 'string', value: 'MINUTES', help: 'how long to wait at most (default 30)' },
};

/** What a wait is told of an object, each time that it is in another state. */
function reporter(io, id) {
  let last;
  return ({ status }) => {
    if (status === last) return;
    last = status;
    io.stderr.write(`${new Date().toTimeString().slice(0, 8)}  ${id}  ${status}\n`);
  };
}

/**
 * How long to wait, in milliseconds.
 *
 * @param {{ timeout?: string }} values The flags.
 */
function readTimeout({ timeout }) {
  if (timeout === undefined) return undefined;
  const minutes = Number(timeout);
  if (!(minutes > 0 && minutes * MINUTE <= 0x7fffffff)) {
    throw new UsageError(`--timeout must be a number of minutes above 0; got '${timeout}'`);
  }
  return minutes * MINUTE;
}

/** The states that `--for` names, or the usual ones. */
function readStates(values, states, usual) {
  const wanted = values.for ?? usual;
  for (const state of wanted) {
    if (!states.includes(state)) {
      throw new UsageError(
        `--for must be one of ${states.join(', ')}; got '${state}'${suggestion(state, states)}`,
      );
    }
  }
  return wanted;
}

/**
 * Waits for one object, and says of each change of its state.
 *
 * @param {*} resource The resource.
 * @param {string} id The object.
 * @param {string[]} states The states of which any will do.
 * @param {{ io: import('./io').Io, timeout?: number, signal: AbortSignal }} how
 * @returns {Promise<{ object: *, code: number }>} The object, as far as it is known, and the exit code.
 */
async function waitForOne(resource, id, states, { io, timeout, signal }) {
  try {
    const object = await resource.waitFor(id, states, { timeout, signal, onPoll: reporter(io, id) });
    // A reconciliation is processed also if it could not use some of its rows; only its note says so.
    if (object.notes?.processing) io.stderr.write(`${id}: ${plain(object.notes.processing)}\n`);
    return { object, code: 0 };
  } catch (error) {
    if (error instanceof Interrupted) {
      io.stderr.write(`connect-usage: the wait for ${id} was interrupted\n`);
      return { object: { id }, code: 1 };
    }
    if (error instanceof TypeError) throw error;
    // What waits is not a function here.
    error.message = error.message.replace(/^waitFor: /, '');
    io.stderr.write(errorText(error));
    if (error.object?.status === 'invalid') {
      io.stderr.write(
        `hint: connect-usage files download ${id} says what is wrong with each row; correct them, and upload the file again\n`,
      );
    }
    // An error of the state, or of the time, has the object as it was last read.
    return { object: error.object ?? { id }, code: 1 };
  }
}

/**
 * Uploads one file and, if asked to, waits until Connect has processed it.
 *
 * @param {string} what The object or the file that the output names.
 * @param {() => Promise<{ id: string, status?: string }>} send Uploads it; resolves to the object that is waited for.
 * @param {object} how
 * @param {import('./io').Io} how.io
 * @param {{ json?: boolean, wait?: boolean }} how.values The flags.
 * @param {*} how.resource The resource of the object.
 * @param {string[]} how.states The states that are waited for.
 * @param {number} [how.timeout] In milliseconds.
 * @param {() => string} how.look The command that shows what became of the upload.
 * @returns {Promise<number>} The exit code.
 */
async function uploadOne(what, send, { io, values, resource, states, timeout, look }) {
  const { signal, unsubscribe } = onInterrupt();
  let waited = 0;
  const act = async () => {
    const sent = await send();
    if (!values.wait) return sent;
    const { object, code } = await waitForOne(resource, sent.id, states, { io, timeout, signal });
    waited = code;
    return object;
  };
  try {
    return Math.max(await doEach([what], act, { io, json: values.json, look, signal }), waited);
  } finally {
    unsubscribe();
  }
}

/**
 * Makes a command that waits for objects.
 *
 * @param {object} wait What it waits for.
 * @param {string} wait.name The command.
 * @param {string} wait.summary
 * @param {string[]} wait.examples
 * @param {import('./ids').Kind} wait.kind
 * @param {string} wait.className The class of the resource, which has the states.
 * @param {string[]} wait.usual The states that are waited for by default.
 * @param {(client: *) => *} wait.of The resource.
 * @param {Record<string, import('./arguments').Option>} [wait.options] More flags.
 * @param {(context: { client: *, values: Record<string, *>, args: string[] }) => Promise<string[]>} [wait.find] Finds the
 *   ids, if they are not the arguments.
 * @returns {import('./main').Command} The command.
 */
function waitCommand({ name, summary, examples, kind, className, usual, of, options = {}, find }) {
  const states = metadata.get(className).states;
  return {
    name,
    summary,
    usage: `${kind.prefix}-... [${kind.prefix}-...] [options]`,
    options: {
      ...options,
      for: {
        type: 'string',
        value: 'STATE',
        multiple: true,
        help: `the state to wait for: ${states.join(', ')} (default: ${usual.join(' or ')})`,
      },
      .../** @type {*} */ (WAIT_OPTIONS),
    },
    examples,
    async run(context) {
      const { values, args, io } = context;
      const wanted = readStates(values, states, usual);
      const timeout = readTimeout(values);
      const ids = (await find?.(context)) ?? readIds(args, kind, name);
      const resource = of(context.client);
      const { signal, unsubscribe } = onInterrupt();
      const how = { io, timeout, signal };
      const waits = await Promise.all(ids.map((id) => waitForOne(resource, id, wanted, how))).finally(
        unsubscribe,
      );
      if (values.json) {
        const objects = waits.map(({ object }) => object);
        await writeJson(io, ids.length === 1 ? objects[0] : objects);
      } else {
        await write(io.stdout, waits.map(({ object }) => `${object.id}  ${object.status ?? ''}\n`).join(''));
      }
      return Math.max(...waits.map(({ code }) => code));
    },
  };
}

module.exports = { WAIT_OPTIONS, readTimeout, uploadOne, waitCommand };
