'use strict';

/** The commands `list`: their filters, as flags. */

const { UsageError, wholeNumber } = require('./errors.js');
const { KINDS, checkId } = require('./ids.js');
const { checkTableName, printList } = require('./output.js');
const { suggestion } = require('./nearest.js');

/** How many objects a request asks for: what the API gives at most. */
const PAGE_SIZE = 1000;

/**
 * A filter: the field of the API, and how its flag is written.
 *
 * @typedef {{ field: string, value: string, help: string, kind?: import('./ids').Kind, choices?: string[] }} Filter
 */

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/;

/** What `--from` and `--to` are about, by the field. */
const DATE_NOUNS = { 'created.at': 'only those made', start_date: 'only usage that begins' };

/** The flags of a field of time. */
function datesOf(field) {
  const noun = DATE_NOUNS[field];
  return {
    from: {
      type: 'string',
      value: 'DATE',
      help: `${noun} on this day or time (2021-01-31, 2021-01-31T12:00Z), or later`,
    },
    to: { type: 'string', value: 'DATE', help: `${noun} on this day, or time, or earlier` },
  };
}

/** The flags of every list. */
const COMMON = {
  limit: { type: 'string', value: 'N', help: 'at most N of them' },
  filter: {
    type: 'string',
    value: 'RQL',
    help: 'further conditions as the API takes them: like(name,*January*)',
  },
  out: { type: 'string', value: 'FILE', help: 'write them to a file (.csv or .xlsx), with more columns' },
};

/** Whether a day is one: JavaScript takes February 30 for March 2. */
function exists(day) {
  const time = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}

function checkDate(text, flag) {
  const isDate = (DAY.test(text) || TIME.test(text)) && !Number.isNaN(Date.parse(text));
  if (isDate && exists(text.slice(0, 10))) return text;
  const isFile = /\.(csv|xlsx)$/i.test(text) ? '; --out names a file' : '';
  throw new UsageError(
    `--${flag} must be a day such as 2021-01-31, or a time such as 2021-01-31T12:00Z; got '${text}'${isFile}`,
  );
}

/** The day after a day. */
function nextDay(day) {
  return new Date(Date.parse(day) + 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
}

/**
 * The condition of `--from` and `--to`; undefined if neither is there.
 *
 * @param {Record<string, *>} values The flags.
 * @returns {object | undefined} Operators of a filter. A day is meant as a whole.
 */
function dateRange({ from, to }) {
  if (from === undefined && to === undefined) return undefined;
  const range = {};
  if (from !== undefined) range.$ge = checkDate(from, 'from');
  if (to !== undefined) {
    if (DAY.test(checkDate(to, 'to'))) range.$lt = nextDay(to);
    else range.$le = to;
  }
  if (from !== undefined && to !== undefined && Date.parse(from) > Date.parse(to)) {
    throw new UsageError(`--from ${from} is after --to ${to}`);
  }
  return range;
}

/** Checks the values of a filter. */
function checkValues(flag, { kind, choices }, values) {
  for (const value of values) {
    if (kind !== undefined) checkId(value, kind, `--${flag}`);
    if (choices !== undefined && !choices.includes(value)) {
      const nearby = suggestion(value, choices);
      throw new UsageError(`--${flag} must be one of ${choices.join(', ')}; got '${value}'${nearby}`);
    }
  }
  return values.length === 1 ? values[0] : values;
}

/** The filter of a list, as the SDK takes it. */
function readFilters(values, filters, dateField) {
  const result = {};
  for (const [flag, filter] of Object.entries(filters)) {
    const given = values[flag];
    if (given !== undefined) result[filter.field] = checkValues(flag, filter, given);
  }
  if (dateField !== undefined) {
    const range = dateRange(values);
    if (range !== undefined) result[dateField] = range;
  }
  return result;
}

/**
 * Adds conditions in RQL to the requests for a list.
 *
 * @param {*} client The client.
 * @param {string | undefined} rql What was typed.
 */
function addRawFilter(client, rql) {
  if (rql === undefined) return;
  const text = rql.trim().replace(/^[?&]+|&+$/g, '');
  if (text === '') throw new UsageError('--filter must be RQL, such as like(name,*January*); it is empty');
  if (/(^|[&,(])(limit|offset)=/.test(text)) {
    throw new UsageError('--filter must not have limit or offset; use --limit');
  }
  const encoded = encodeURI(text)
    .replace(/#/g, '%23')
    .replace(/%25(?=[0-9a-f]{2})/gi, '%');
  // The list's own query is there already: it has at least the limit. Requests for single objects have none.
  client.addBeforeRequestHook((url, options) => ({
    url: url.includes('?') ? `${url}&${encoded}` : url,
    options,
  }));
}

/** The flags of filters. */
function flagsOf(filters, dateField) {
  const own = Object.entries(filters).map(([flag, { value, help }]) => [
    flag,
    { type: 'string', value, help, multiple: true },
  ]);
  return { ...Object.fromEntries(own), ...(dateField === undefined ? {} : datesOf(dateField)), ...COMMON };
}

/**
 * Makes a command that lists objects.
 *
 * @param {object} list What it lists.
 * @param {string} list.name The command.
 * @param {string} list.noun What the objects are called.
 * @param {string} list.summary
 * @param {string[]} list.examples
 * @param {(client: *) => *} list.of The resource.
 * @param {Record<string, Filter>} list.filters By flag.
 * @param {string} [list.dateField] The field of `--from` and `--to`.
 * @param {string} [list.ordering] What it is ordered by.
 * @param {import('./output').Column[]} list.columns What is written of each.
 * @param {typeof printList} [list.print] How it is printed.
 * @returns {import('./main').Command} The command.
 */
function listCommand(list) {
  const {
    name,
    noun,
    summary,
    examples,
    of,
    filters,
    dateField,
    ordering,
    columns,
    print = printList,
  } = list;
  return {
    name,
    summary,
    usage: '[options]',
    options: /** @type {*} */ (flagsOf(filters, dateField)),
    examples,
    async run(context) {
      const { values, args, io } = context;
      if (args.length > 0) throw new UsageError(`${name} takes no arguments; got '${args[0]}'`);
      const limit = wholeNumber(values, 'limit');
      const wanted = readFilters(values, filters, dateField);
      // The API takes one ordering.
      if (!/\bordering\(/.test(values.filter ?? '')) wanted.$ordering = ordering;
      if (values.out !== undefined) checkTableName(values.out);
      const { client } = context;
      addRawFilter(client, values.filter);
      const objects = of(client).list(wanted, { pageSize: PAGE_SIZE, limit });
      await print(io, objects.pages(), columns, { ...values, noun });
      return 0;
    },
  };
}

/** A filter by the id of another object. */
const byId = (field, kind, help) => ({ field, kind, value: `${kind.prefix}-...`, help });

module.exports = { KINDS, addRawFilter, byId, flagsOf, listCommand, readFilters };
