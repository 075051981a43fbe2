'use strict';

const path = require('path');
const { QUICK, auditEnd, endOf, records, total } = require('./support/bulk');
const { useFolder } = require('./support/folder');
const { random } = require('./support/random');
const { TRANSPORTS } = require('./support/transports');
const { json, startUsageServer } = require('./support/usage-server');

// However a run ends, and whenever: the parts of its report add up to its records, and each part is true. The runs are
// drawn at random, the same in every run of this test; the name of a case is all that it needs to be repeated.

const CASES = 16;

const folder = useFolder();
let server;
afterEach(() => server?.close());

const refusal = (status) => json(status, { error_code: 'SYS_000', errors: ['no'] });
const broken = new Error('mine');

/** Ways to end a run at its nth request: each changes its options, its server or its client. */
const ENDS = {
  'it comes to its end': () => undefined,
  'it is called off': ({ at, options }) => {
    const controller = new AbortController();
    options.signal = controller.signal;
    at(() => controller.abort());
  },
  'it is called off while nothing is answered': ({ at, options }) => {
    const controller = new AbortController();
    options.signal = controller.signal;
    at(() => {
      setImmediate(() => controller.abort());
      return { hang: true, processed: true };
    });
  },
  'it was called off before': ({ options }) => {
    options.signal = AbortSignal.abort();
  },
  'it is called off while records are looked over': ({ options }) => {
    const controller = new AbortController();
    options.signal = controller.signal;
    queueMicrotask(() => controller.abort());
  },
  401: ({ at }) => at(() => refusal(401)),
  403: ({ at }) => at(() => refusal(403)),
  'another 404': ({ at }) => at(() => ({ status: 404, body: 'no' })),
  'the server goes': ({ at }) => at(() => void server.close()),
  'the connection is reset, and the server goes': ({ at }) =>
    at(() => {
      server.close();
      return { reset: true };
    }),
  'a hook throws': ({ client, nth }) => {
    let count = 0;
    client.addBeforeRequestHook((url, options) => {
      count += 1;
      if (count >= nth) throw broken;
      return { url, options };
    });
  },
  'a hook behind throws': ({ client, nth }) => {
    let count = 0;
    client.addAfterResponseHook((response) => {
      count += 1;
      if (count >= nth) throw broken;
      return response;
    });
  },
  'onProgress throws': ({ options, size, draw }) => {
    const most = draw(size + 1);
    options.onProgress = ({ done }) => {
      if (done >= most) throw broken;
    };
  },
  'onProgress rejects': ({ options }) => {
    options.onProgress = async () => {
      throw broken;
    };
  },
  'a record is rejected, and ends it': ({ options, draw, size }) => {
    options.stopOnError = true;
    server.records.get(`UR-${draw(size)}`).status = 'rejected';
  },
  'a dry run': ({ options }) => {
    options.dryRun = true;
  },
};

/** A fault that any request may meet, or none. */
function fault(draw) {
  const drawn = draw(12);
  if (drawn === 0) return { reset: true };
  if (drawn === 1) return { reset: true, processed: true };
  if (drawn === 2) return refusal(429);
  if (drawn === 3) return { ...refusal(500), processed: draw(2) === 0 };
  if (drawn === 4) return json(206, []);
  return undefined;
}

const SIZES = [1, 2, 7, 99, 100, 101, 250, 251, 1000, 1001, 2300];

/** One run, with all that is drawn for it. */
async function runOnce(transport, end, seed, { journal, hasFaults }) {
  const draw = random(seed);
  const size = SIZES[draw(SIZES.length)];
  const batchSize = [1, 10, 100, 3000][draw(4)];
  const concurrency = 1 + draw(5);
  const nth = 1 + draw(Math.max(1, Math.min(60, Math.ceil(size / batchSize))) + 1);
  server = await startUsageServer({ records: size });
  const list = records(server.records.size);
  const duplicates = draw(3) === 0 ? draw(20) : 0;
  for (let i = 0; i < duplicates; i += 1) list.push({ ...list[draw(size)] });
  const options = { ...QUICK, batchSize, concurrency, journal };
  const client = TRANSPORTS[transport](server.url);
  let reached = () => undefined;
  const at = (what) => {
    reached = what;
  };
  ENDS[end]({ at, client, draw, nth, options, size });
  server.onBulk = (_items, number) =>
    (number === nth ? reached() : undefined) ?? (hasFaults ? fault(draw) : undefined);
  const ended = await endOf(client.usageRecords.closeMany(list, options));
  return { ...ended, duplicates, size, client };
}

function check({ error, report, duplicates }, end) {
  auditEnd(server, report);
  expect(report.duplicates).toBe(duplicates);
  const ids = [...report.failed, ...report.conflicts, ...report.unknown].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  if (error !== undefined && error !== broken) expect(error.code ?? error.status).toBeDefined();
  if (end === 'it comes to its end') expect(error).toBeUndefined();
}

const rows = Object.keys(ENDS).flatMap((end, at) =>
  Array.from({ length: CASES }, (_, i) => [end, at * 1000 + i]),
);

describe.each(Object.keys(TRANSPORTS))('over %s', (transport) => {
  test.each(Object.keys(ENDS))('the parts add up when %s', async (end) => {
    for (const [which, seed] of rows.filter(([name]) => name === end)) {
      const journal = seed % 3 === 0 ? path.join(folder, `${transport}-${seed}`) : undefined;
      const hasFaults = seed % 2 === 0;
      try {
        check(await runOnce(transport, which, seed, { journal, hasFaults }), end);
      } catch (error) {
        error.message = `${end}, seed ${seed}: ${error.message}`;
        throw error;
      }
      await server.close();
    }
  });

  // A second run of the same journal, which ends early as well: what the first one sent may have arrived.
  test.each([
    'it is called off while nothing is answered',
    'the connection is reset, and the server goes',
    'a hook behind throws',
  ])('and when it goes on from a run where %s', async (end) => {
    for (let seed = 9000; seed < 9000 + CASES / 2; seed += 1) {
      const journal = path.join(folder, `${transport}-${end}-${seed}`.replace(/\W/g, '-'));
      const first = await runOnce(transport, end, seed, { journal, hasFaults: false });
      const ends = ['before', 'hook', 'gone'];
      const how = ends[seed % ends.length];
      const client = how === 'hook' ? TRANSPORTS['a hook'](server.url) : first.client;
      if (how === 'hook') {
        client.addBeforeRequestHook(() => {
          throw broken;
        });
      }
      if (how === 'gone') await server.close();
      const signal = how === 'before' ? AbortSignal.abort() : undefined;
      const list = records(server.records.size);
      const { report } = await endOf(client.usageRecords.closeMany(list, { ...QUICK, journal, signal }));
      try {
        expect(total(report)).toBe(first.size);
        expect(report.failed).toEqual([]);
        const posted = new Set(server.log.filter(({ what }) => what !== 'read').map(({ id }) => id));
        expect(report.notSent).toBeLessThanOrEqual(first.size - posted.size);
        expect(report.closed + report.alreadyClosed).toBeLessThanOrEqual(server.closedIds.length);
      } catch (error) {
        error.message = `${end}, then ${how}, seed ${seed}: ${error.message}`;
        throw error;
      }
      await server.close();
    }
  });
});
