'use strict';

const fs = require('fs');
const path = require('path');
const {
  BODY,
  bare,
  folder,
  lend,
  node,
  root,
  run,
  testPackage,
  tools,
  write,
} = require('./support/installed');

// The published package with test runners, thread pools and OpenTelemetry.

/** A copy of the example tests. */
const examples = () => {
  const place = path.join(folder, 'examples');
  fs.cpSync(path.join(root, 'examples/testing'), place, { recursive: true });
  return place;
};

testPackage('the example for OpenTelemetry', async () => {
  for (const part of ['api', 'sdk-trace-base', 'context-async-hooks', 'core']) {
    fs.mkdirSync(path.join(folder, 'node_modules/@opentelemetry'), { recursive: true });
    lend(`@opentelemetry/${part}`);
  }
  fs.copyFileSync(path.join(root, 'examples/opentelemetry.js'), path.join(folder, 'opentelemetry.js'));
  const program = `
    const { context, propagation, trace } = require('@opentelemetry/api');
    const { AsyncLocalStorageContextManager } = require('@opentelemetry/context-async-hooks');
    const { W3CTraceContextPropagator } = require('@opentelemetry/core');
    const sdk = require('@opentelemetry/sdk-trace-base');
    const { ConnectClient } = require('cloudblue-connect-native');
    const { startSandbox } = require('cloudblue-connect-native/testing');
    const { instrument } = require('./opentelemetry');
    const exporter = new sdk.InMemorySpanExporter();
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    propagation.setGlobalPropagator(new W3CTraceContextPropagator());
    const processor = new sdk.SimpleSpanProcessor(exporter);
    trace.setGlobalTracerProvider(new sdk.BasicTracerProvider({ spanProcessors: [processor] }));
    const stop = instrument();
    (async () => {
      const sandbox = await startSandbox({ records: 2, faults: [{ kind: 'status', status: 503, times: 1 }] });
      const client = new ConnectClient(sandbox.url, sandbox.apiKey, { backOff: 1 });
      const [id] = sandbox.records.keys();
      await trace.getTracer('mine').startActiveSpan('month', async (month) => {
        await client.usageRecords.get(id);
        await client.usageRecords.close('UR-NONE', 'INV-7').catch(() => undefined);
        month.end();
      });
      stop();
      await client.usageRecords.get(id);
      const spans = exporter.getFinishedSpans();
      const [get, close, month] = spans;
      console.log(JSON.stringify({
        names: spans.map(({ name }) => name),
        isOneTrace: new Set(spans.map((span) => span.spanContext().traceId)).size === 1,
        parents: [get, close].map((span) => span.parentSpanContext.spanId === month.spanContext().spanId),
        statuses: [get, close].map(({ attributes }) => attributes['http.response.status_code']),
        resent: get.attributes['http.request.resend_count'],
        events: get.events.map(({ name }) => name),
        sent: sandbox.requests.map(({ headers }) => (headers.traceparent || '').split('-')[2] || null)
          .map((spanId) => spans.findIndex((span) => span.spanContext().spanId === spanId)),
      }));
      await sandbox.close();
    })();`;
  expect(JSON.parse(await node(write('trace.cjs', program)))).toEqual({
    names: ['GET', 'POST', 'month'],
    isOneTrace: true,
    parents: [true, true],
    statuses: [200, 404],
    resent: 1,
    events: ['retry'],
    // Both attempts of the first call carry its span; what is sent once tracing has stopped carries none.
    sent: [0, 0, 1, -1],
  });
});

testPackage('the example for Jest', async () => {
  const bin = path.join(root, 'node_modules/jest/bin/jest.js');
  await node(bin, '--rootDir', examples(), '--testMatch', '**/jest.test.js', '--watchman=false');
});

testPackage('the example for Vitest', async () => {
  lend('vitest');
  const args = ['run', '--root', examples(), '--dir', examples(), 'vitest.test.mjs'];
  expect(await node(path.join(tools, 'vitest/vitest.mjs'), ...args)).toMatch(/1 passed/);
});

testPackage("Vitest's thread pool", async () => {
  lend('vitest');
  const text = fs
    .readFileSync(path.join(examples(), 'vitest.test.mjs'), 'utf8')
    .replace('./', '../examples/');
  for (const file of ['one', 'two', 'three', 'four']) write(`pool/${file}.test.mjs`, text);
  // A file at a time: the thread that was the first to load the package has ended when the next one does.
  const args = ['run', '--pool=threads', '--maxWorkers=1', '--root', path.join(folder, 'pool')];
  const vitest = path.join(tools, 'vitest/vitest.mjs');
  const said = await run(process.execPath, [vitest, ...args], {
    env: { ...bare, NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  expect(said).toMatch(/Tests +4 passed/);
});

/** What a run gives, looked at where each test file has a realm of its own. */
const REALM = `
import { expect, test } from 'vitest';
import { ConnectClient } from 'cloudblue-connect-native';
import { startSandbox } from 'cloudblue-connect-native/testing';

test('what a run gives is of this realm', async () => {
  const sandbox = await startSandbox({ records: 2 });
  const client = new ConnectClient(sandbox.url, sandbox.apiKey);
  const [id] = sandbox.records.keys();
  const calls = [];
  const report = await client.usageRecords.closeMany(
    [
      { id, externalBillingId: 'INV-7' },
      { id: 'UR-NONE', externalBillingId: 'INV-7' },
    ],
    { onProgress: (progress) => calls.push(progress) },
  );
  expect(report.conflicts).toStrictEqual([]);
  expect(report.unknown).toStrictEqual([]);
  expect(report.failed).toBeInstanceOf(Array);
  expect(report.failed[0]).toBeInstanceOf(Object);
  expect(calls[0]).toBeInstanceOf(Object);
  const approved = await client.usageRecords.list({ status: 'approved' }).toArray();
  expect(approved).toBeInstanceOf(Array);
  const response = await client.fetch('/usage/records');
  expect(await response.clone().buffer()).toBeInstanceOf(Buffer);
  expect(await response.clone().bytes()).toBeInstanceOf(Uint8Array);
  await sandbox.close();
});
`;

testPackage("Vitest's vm pools, in which the report of a run is of the test's own realm", async () => {
  lend('vitest');
  write('realms/realm.test.mjs', REALM);
  for (const pool of ['vmThreads', 'vmForks']) {
    const args = ['run', `--pool=${pool}`, '--root', path.join(folder, 'realms')];
    const said = await run(process.execPath, [path.join(tools, 'vitest/vitest.mjs'), ...args], {
      env: { ...bare, NO_COLOR: '1', FORCE_COLOR: '0' },
    });
    expect(said).toMatch(/Tests +1 passed/);
  }
});

testPackage('piscina, whose threads end when they have nothing to do', async () => {
  lend('piscina');
  const task = `
    const { ConnectClient } = require('cloudblue-connect-native');
    const { startSandbox } = require('cloudblue-connect-native/testing');
    const { threadId } = require('worker_threads');
    module.exports = async () => {${BODY}
      return { status, threadId };
    };`;
  write('task.cjs', task);
  const program = `
    const { Piscina } = require('piscina');
    const pool = new Piscina({ filename: require.resolve('./task.cjs'), minThreads: 0, maxThreads: 2, idleTimeout: 1 });
    (async () => {
      const done = [];
      for (let round = 0; round < 4; round += 1) {
        done.push(...(await Promise.all([pool.run(), pool.run()])));
        while (pool.threads.length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      }
      const threads = new Set(done.map(({ threadId }) => threadId));
      console.log(...new Set(done.map(({ status }) => status)), done.length, threads.size >= 4);
      await pool.destroy();
    })();`;
  expect(await node(write('pool.cjs', program))).toBe('closed 8 true\n');
});

testPackage('the example for node:test', async () => {
  expect(await node('--test', path.join(examples(), 'node.test.mjs'))).toMatch(/pass 1\n/);
});
