'use strict';

/**
 * What resources send as a filter, read by the parser that Connect's server has: lib-rql, which CloudBlue
 * publishes for Python. It is to be had with
 * `pip install --target <folder> -r __test__/server-rql/requirements.txt`, and `CONNECT_LIB_RQL=<folder>`.
 */

const { ConnectClient } = require('..');
const { filterToQuery } = require('../lib/connect/rql');
const { fixed, generateFilters } = require('./support/parity/filters');
const { startServer } = require('./support/server');
const { generateServerFilters } = require('./server-rql/filters');
const { folder, parseAll } = require('./server-rql/parser');

const SEED = 20210120;

/** Sends each filter as a search; the queries as a server sees them after decoding once. */
async function queries(filters) {
  const server = await startServer({ json: [] });
  try {
    const client = new ConnectClient(server.url, 'key');
    // One after another: the server notes them in the order of their coming.
    for (const filter of filters) await client.usageRecords.search(filter);
    return server.requests.map(({ url }) => decodeURIComponent(url.replace(/^[^?]*\??/, '')));
  } finally {
    await server.close();
  }
}

/** The queries that the parser refuses, each with its reason. */
const refused = (sent) =>
  parseAll(sent).flatMap(({ error }, index) => (error ? [`${JSON.stringify(sent[index])}: ${error}`] : []));

const many = (count, make) => Array.from({ length: count }, () => make());

if (folder) {
  test("the server's parser reads 2,000 generated filters", async () => {
    const filters = [
      ...fixed,
      ...many(600, generateFilters(SEED)),
      ...many(1400, generateServerFilters(SEED).filter),
    ];
    const sent = await queries(filters);
    expect(sent).toHaveLength(filters.length);
    expect(new Set(sent).size).toBeGreaterThan(1800);
    expect(refused(sent)).toEqual([]);
  });

  test('and finds in them the texts that were meant', async () => {
    const { name, text } = generateServerFilters(SEED + 1);
    const texts = many(500, text);
    const answers = parseAll(await queries(texts.map((one) => ({ [name()]: one }))));
    expect(answers).toEqual(texts.map((one) => ({ values: [one] })));
    const list = parseAll(await queries([{ a: { $in: texts.slice(0, 50) } }]));
    expect(new Set(list[0].values)).toEqual(new Set(texts.slice(0, 50)));
  });

  test('and refuses what it does not know: the check can fail', () => {
    const wrong = [
      'gte(a,1)',
      'range(a,1,2)',
      'a=x,y',
      'a="x"y"',
      'a=t',
      't=1',
      'null(a)',
      'a=1&',
      '(a=1',
      'a b=1',
    ];
    expect(refused(wrong)).toHaveLength(wrong.length);
    // The same filters in the original's dialect, part of which the server refuses (R1 to R9).
    const original = many(500, generateServerFilters(SEED).filter).flatMap((filter) => {
      try {
        return [filterToQuery(filter)];
      } catch {
        return [];
      }
    });
    expect(refused(original).length).toBeGreaterThan(100);
    expect(refused(original).length).toBeLessThan(original.length);
  });
} else {
  test.skip("the server's parser reads generated filters (CONNECT_LIB_RQL is not set: no folder has lib-rql)", () => {});
}
