'use strict';

/** Commands that do something with one object after the other, and say what became of each. */

const { confirm } = require('./confirm.js');
const { UsageError, describeError, errorText } = require('./errors.js');
const { readIds } = require('./ids.js');
const { onInterrupt } = require('./interrupt.js');
const { write, writeJson } = require('./io.js');

const YES = { yes: { type: 'boolean', help: 'do it without asking; needed where there is no terminal' } };

/** Says that it is not known what became of an object, and how to find out. */
function unknownText(id, error, look) {
  const text = errorText(error, `it is not known whether this was done with ${id}: `);
  return `${text}to find out: connect-usage ${look(id)}\n`;
}

/**
 * Does the same with each object, one after the other. One that fails does not keep the next from being done, unless the
 * key or the connection is why.
 *
 * @param {string[]} ids The objects.
 * @param {(id: string) => Promise<object>} act What is done with one; resolves to the object as it is then.
 * @param {object} how
 * @param {import('./io').Io} how.io
 * @param {boolean} [how.json]
 * @param {(id: string) => string} how.look The command that shows what became of an object.
 * @param {AbortSignal} how.signal
 * @returns {Promise<number>} The exit code.
 */
async function doEach(ids, act, { io, json, look, signal }) {
  const results = [];
  let code = 0;
  let isOver = false;
  for (const [at, id] of ids.entries()) {
    if (signal.aborted || isOver) {
      io.stderr.write(`connect-usage: nothing was done with ${ids.slice(at).join(', ')}\n`);
      code = Math.max(code, 1);
      break;
    }
    try {
      const object = await act(id);
      results.push(object ?? { id });
      if (!json) await write(io.stdout, `${object?.id ?? id}  ${object?.status ?? 'done'}\n`);
    } catch (error) {
      if (error instanceof UsageError || error instanceof TypeError) throw error;
      const isUnknown = Boolean(error.maybeProcessed);
      results.push({ id, error: describeError(error), ...(isUnknown && { unknown: true }) });
      io.stderr.write(isUnknown ? unknownText(id, error, look) : errorText(error, `${id}: `));
      code = Math.max(code, isUnknown ? 3 : 1);
      isOver = isUnknown || error.status === 401 || error.code !== undefined;
    }
  }
  if (json) await writeJson(io, ids.length === 1 ? results[0] : results);
  return code;
}

/**
 * Makes a command that does one thing with each of its ids.
 *
 * @param {object} action What it does.
 * @param {string} action.name The command.
 * @param {string} action.summary
 * @param {string[]} action.examples
 * @param {import('./ids').Kind} action.kind The kind of its ids.
 * @param {string} action.look The command that shows an object of an id.
 * @param {Record<string, import('./arguments').Option>} [action.options]
 * @param {(client: *, ids: string[], values: Record<string, *>) => Promise<void>} [action.check] What must hold before;
 *   throws a UsageError.
 * @param {(client: *, ids: string[]) => Promise<string>} [action.question] Asked before, if it cannot be undone.
 * @param {string} [action.details]
 * @param {(client: *, id: string, values: Record<string, *>) => Promise<object>} action.act
 * @returns {import('./main').Command} The command.
 */
function actionCommand({ name, summary, examples, kind, look, options = {}, check, question, details, act }) {
  return {
    name,
    summary,
    usage: `${kind.prefix}-... [${kind.prefix}-...] [options]`,
    options: { ...options, .../** @type {*} */ (question === undefined ? {} : YES) },
    examples,
    ...(details !== undefined && { details }),
    async run(context) {
      const { values, args, io } = context;
      const ids = readIds(args, kind, name);
      const { client } = context;
      await check?.(client, ids, values);
      if (question !== undefined) {
        // What would not be asked is not looked up.
        const isAsked = io.isTerminal && !values.yes;
        const text = isAsked ? await question(client, ids) : `${name} ${ids.join(' ')}?`;
        if (!(await confirm(io, text, values))) return 1;
      }
      const { signal, unsubscribe } = onInterrupt();
      try {
        return await doEach(ids, (id) => act(client, id, values), {
          io,
          json: values.json,
          look: (id) => `${look} ${id}`,
          signal,
        });
      } finally {
        unsubscribe();
      }
    },
  };
}

module.exports = { YES, actionCommand, doEach };
