'use strict';

/**
 * Trace context on requests that Rust sends: a subscriber to `cloudblue-connect:request:start` adds the `traceparent` of
 * the span that is active, and `end` and `error` close the request's own span. With OpenTelemetry, `activeSpan` is
 * `trace.getActiveSpan()`, and `begin` is `tracer.startSpan(name, { kind: SpanKind.CLIENT })`.
 *
 *   node examples/tracing.js
 */

const { AsyncLocalStorage } = require('async_hooks');
const { randomBytes } = require('crypto');
const { channel } = require('diagnostics_channel');
const { ConnectClient } = require('..');
const { startSandbox } = require('../testing');

/** The span that is active: what a tracing library keeps. */
const active = new AsyncLocalStorage();
const begin = (name, parent) => ({
  name,
  traceId: parent ? parent.traceId : randomBytes(16).toString('hex'),
  spanId: randomBytes(8).toString('hex'),
});

/** Spans of the requests under way, by the id that all messages of a call have. */
const spans = new Map();
channel('cloudblue-connect:request:start').subscribe(({ id, method, url, headers }) => {
  const span = begin(`${method} ${new URL(url).pathname}`, active.getStore());
  spans.set(id, span);
  headers.traceparent = `00-${span.traceId}-${span.spanId}-01`;
});
channel('cloudblue-connect:request:retry').subscribe(({ id, attempt, waitMs }) => {
  console.log(`${spans.get(id).name}: attempt ${attempt} failed, again in ${waitMs} ms`);
});
channel('cloudblue-connect:request:end').subscribe(({ id, status, attempts, durationMs }) => {
  const { name, traceId, spanId } = spans.get(id);
  spans.delete(id);
  console.log(`${traceId} ${spanId} ${name}: ${status}, ${attempts} attempts, ${durationMs.toFixed(1)} ms`);
});
channel('cloudblue-connect:request:error').subscribe(({ id, error }) => {
  const { name, traceId, spanId } = spans.get(id);
  spans.delete(id);
  console.log(`${traceId} ${spanId} ${name}: ${error.message}`);
});

async function main() {
  // The first request is answered with 503, once.
  const sandbox = await startSandbox({ records: 3, faults: [{ kind: 'status', status: 503, times: 1 }] });
  const client = new ConnectClient(sandbox.url, sandbox.apiKey, { backOff: 50 });
  try {
    await active.run(begin('close the month'), async () => {
      for (const id of sandbox.records.keys()) await client.usageRecords.get(id);
      await client.usageRecords.close([...sandbox.records.keys()][0], 'INV-7');
    });
    const traces = new Set(sandbox.requests.map(({ headers }) => headers.traceparent.split('-')[1]));
    console.log(`${sandbox.requests.length} requests of ${traces.size} trace arrived`);
  } finally {
    await sandbox.close();
  }
}

main();
