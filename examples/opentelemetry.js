'use strict';

/**
 * OpenTelemetry for requests that Rust sends: a span for each, child of the one that is active, and its context in the
 * request's `traceparent`. Needs `@opentelemetry/api`, and whatever SDK the program sets up.
 *
 *   const { instrument } = require('./opentelemetry');
 *   const stop = instrument();
 */

const { channel } = require('diagnostics_channel');
const { SpanKind, SpanStatusCode, context, propagation, trace } = require('@opentelemetry/api');

/**
 * Begins to trace the requests of all clients.
 *
 * @returns {Function} Ends it.
 */
function instrument() {
  const tracer = trace.getTracer('cloudblue-connect-native');
  const spans = new Map();
  const listeners = {
    start({ id, method, url, headers }) {
      const { hostname, port } = new URL(url);
      const attributes = {
        'http.request.method': method,
        'url.full': url,
        'server.address': hostname,
        ...(port && { 'server.port': Number(port) }),
      };
      const span = tracer.startSpan(method, { kind: SpanKind.CLIENT, attributes });
      spans.set(id, span);
      propagation.inject(trace.setSpan(context.active(), span), headers);
    },
    retry({ id, attempt, waitMs, status, code }) {
      spans
        .get(id)
        ?.addEvent('retry', { attempt, waitMs, ...(status ? { status } : { code: code || 'unknown' }) });
    },
    end({ id, status, attempts }) {
      const span = spans.get(id);
      if (attempts > 1) span?.setAttribute('http.request.resend_count', attempts - 1);
      span?.setAttribute('http.response.status_code', status);
      if (status >= 400) span?.setStatus({ code: SpanStatusCode.ERROR });
      span?.end();
      spans.delete(id);
    },
    error({ id, error }) {
      const span = spans.get(id);
      span?.recordException(error);
      span?.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
      span?.end();
      spans.delete(id);
    },
  };
  const names = Object.keys(listeners);
  for (const name of names) channel(`cloudblue-connect:request:${name}`).subscribe(listeners[name]);
  return () => {
    for (const name of names) channel(`cloudblue-connect:request:${name}`).unsubscribe(listeners[name]);
  };
}

module.exports = { instrument };
