'use strict';

/**
 * Whether a call costs the same after a million of them: one process, sixteen calls at once, without a warm-up; figures of
 * the calls up to each mark, from the mark before it. Told: port, marks.
 */

const { contenders } = require('./contenders');
const { meter, say, options } = require('./meter');

const CONCURRENCY = 16;

async function main() {
  const { port, marks } = options();
  const close = contenders.ours.close(`http://127.0.0.1:${port}/public/v1`, {});
  const decades = {};
  let calls = 0;
  for (const mark of marks) {
    const before = calls;
    const stop = meter();
    const work = async () => {
      while (calls < mark) {
        calls += 1;
        await close(`UR-2021-01-2023-8696-9408-${calls}`);
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
    decades[mark] = { ...stop(mark - before), rssMb: process.memoryUsage().rss / (1 << 20) };
  }
  say(decades);
}

main();
