'use strict';

const { recordId, startSandbox } = require('../../testing');

const INVOICE = 'INV-7';

/** The records of a sandbox, as closeMany takes them. */
const records = (count, externalBillingId = INVOICE) =>
  Array.from({ length: count }, (_, index) => ({ id: recordId(index), externalBillingId }));

/** Gives a `startSandbox` whose sandboxes are closed after each test. */
function useSandboxes() {
  const open = [];
  afterEach(() => Promise.all(open.splice(0).map((sandbox) => sandbox.close())));
  return async (options) => {
    const sandbox = await startSandbox(options);
    open.push(sandbox);
    return sandbox;
  };
}

module.exports = { INVOICE, records, useSandboxes };
