'use strict';

/**
 * The sandbox is fuzzed by schemathesis with the contract of the usage module: whatever is sent, the answer is one that the
 * contract allows. It is to be had with `pip install --target <folder> -r __test__/contract/requirements.txt`, and
 * `CONNECT_SCHEMATHESIS=<folder>`. The seed is always the same one, so that a change is judged by what it changes;
 * `CONNECT_FUZZ_SEED` is for finding what no run has found yet.
 */

const { contract, operations } = require('./support/contract/document.js');
const { newReconciliation } = require('./support/contract/examples.js');
const { folder, fuzz } = require('./support/contract/fuzz.js');
const { send } = require('./support/contract/requests.js');
const { useFolder } = require('./support/folder');
const { useSandboxes } = require('./support/sandbox');

const SECONDS = 150;
const place = useFolder();
const startSandbox = useSandboxes();

/** Files in all states, several of each: requests change them. What takes time is done while others are sent. */
const MANY = {
  hubs: 2,
  processingMs: 50,
  files: Array.from({ length: 4 }, () => contract.components.schemas.FileStatus.enum)
    .flat()
    .map((status) => ({ status })),
  keepRequests: 0,
};

/** Puts the objects back into the states that they have now: else all of them would end up closed or deleted. */
function restorer({ records, files, chunks }) {
  const kept = [records, files, chunks].flatMap((objects) =>
    [...objects].map(([id, object]) => ({ objects, id, object, status: object.status })),
  );
  return () => {
    for (const { objects, id, object, status } of kept) {
      object.status = status;
      objects.set(id, object);
    }
  };
}

/** The operations of which each request was refused. */
const refused = ({ valid_rates: rates }) =>
  Object.keys(rates).filter((name) => !Object.values(rates[name]).some(({ accepted }) => accepted > 0));

const ids = ({ records, files, chunks, reconciliations }) => ({
  records: [...records.keys()],
  files: [...files.keys()],
  chunks: [...chunks.keys()],
  reconciliations: [...reconciliations.keys()],
  products: [...files.values()].map(({ product }) => product.id),
});

if (folder) {
  const name = 'no request gets an answer that the contract does not allow';
  const run = async () => {
    const sandbox = await startSandbox(MANY);
    await send(sandbox, { ...(await newReconciliation(sandbox)), key: sandbox.apiKey });
    sandbox.advance(MANY.processingMs);
    const timer = setInterval(restorer(sandbox), 100);
    const seed = Number(process.env.CONNECT_FUZZ_SEED || 1);
    const options = { ids: ids(sandbox), cwd: place, seed, seconds: SECONDS };
    const { report, output } = await fuzz(sandbox, options).finally(() => clearInterval(timer));
    const { generated } = report.test_cases;
    const { tested } = report.operations;
    const never = refused(report).join(', ') || 'none';
    console.log(
      `schemathesis, seed ${seed}: ${tested} operations, ${generated} cases; always refused: ${never}`,
    );
    // The text says how to repeat a failure; the report only what it was.
    expect(report.failures.length + report.errors.length === 0 ? '' : output).toBe('');
    expect(tested).toBe(operations.length);
    expect(generated).toBeGreaterThan(operations.length);
  };
  test(name, run, (SECONDS + 240) * 1000);

  const failing = async () => {
    const sandbox = await startSandbox({ records: 1, faults: [{ kind: 'status', status: 500 }] });
    const only = { operation: 'usageRecords.get', maxFailures: 1 };
    const { report } = await fuzz(sandbox, { ids: ids(sandbox), cwd: place, seed: 1, seconds: 60, ...only });
    expect(report.operations.tested).toBe(1);
    expect(report.failures.length).toBeGreaterThan(0);
  };
  test('the fuzzer can fail', failing, 300_000);
} else {
  test.skip('the sandbox is fuzzed (CONNECT_SCHEMATHESIS is not set: no folder has schemathesis)', () => {});
}
