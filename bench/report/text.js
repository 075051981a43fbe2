'use strict';

/** The words around the tables of docs/benchmark.md. */

const { number } = require('./format');

function machine({ machine: about, method }) {
  return `${about.processor}, ${about.cores} cores, ${about.memoryGb} GB; ${about.system}; Node ${about.node}, Rust ${about.rust}; ${about.date}, ${method.rounds} rounds.
Ours ${about.ours}, published SDK ${about.sdk22}, undici ${about.undici} (the global \`fetch\`: ${about.globalFetch ?? 'unknown'}),
node-fetch ${about['node-fetch']}, axios ${about.axios}, got ${about.got}.`;
}

function near() {
  return `Here a call takes as long as the client takes. So these figures show what a client costs, and how many calls a process can
make at most; a real server is far away, and slower than that.`;
}

function how({ method }) {
  return `\`npm run bench\` builds what it needs, measures, and writes this page, its charts and the README's table.

- **Server.** [server.rs](../bench/server.rs) is hyper on one thread, on the same machine, over plain HTTP. It does no work, so
  that the cost of the client shows. Its responses look like the API's: a dozen headers and 900 bytes per record.
- **Far away.** The same server, with TLS 1.3 (rustls, a P-256 certificate), and with each connection [delayed](../bench/distance.rs):
  what either side sends arrives half a round trip later. So the handshake takes its round trips, too, and a connection one more,
  for TCP's own. Bandwidth, slow start and losses are not simulated. The server issues tickets that can be used more than once.
  Each turn has a server of its own. Its process is not counted as the client's, but shares the cores with it.
- **TLS.** All contenders trust the server's certificate by an option of their own: ours has \`ca\`, undici its \`connect\`, the
  published SDK an agent of Node's, which also keeps connections. With its defaults on Node 18, the SDK opens a connection for
  each request.
- **HTTP/2.** undici never has two POSTs under way on one connection, so it has 64 of them there, too.
- **Warm** is after calls of 64 at once, cold is a new process: from its start to the 64th response, where all 64 requests start at
  once. _Again_ is 64 more calls after the server has closed all connections. A month is a process without a warm-up, too, from its
  first call on; the records are created before. **Peak memory** is the most that the process ever had (VmHWM).
- **Contenders.** All of them ([contenders.js](../bench/contenders.js)) do the same work: build the body, send the key and the
  content type, check the status, parse the JSON and return an object. All keep connections open. Ours, the published SDK and
  the global \`fetch\` have their default settings, which for ours means at most 64 connections per host. The others have an
  agent with one connection per concurrent request.
- **Turns and rounds.** A turn is a process of its own. It keeps a fixed number of requests in progress, ${number(method.warmUp)} s to warm up and
  ${number(method.seconds)} s to measure. In a round, each contender has one turn at each concurrency. Turns that are compared follow one
  another, in an order that changes with each round. With a shorter warm-up, contenders written in JavaScript are measured while
  V8 still compiles them: after 0.5 s some reach two thirds of their final speed.
- **Ratios.** A ratio compares two figures of the same round. The tables show the median of these ratios, not the ratio of the
  medians, with the least and the greatest in brackets.
- **Main thread** is the time per request in which Node's event loop was active, by the clock. It includes time in which another
  process or thread had the core, which matters on few cores. _Of which processor_ is the processor time of the main thread as the
  kernel counts it (Linux only). _All threads_ is the processor time of the whole process.
- **Loop delay** is how late a 1 ms timer fires, from Node's histogram, less the 1 ms. It is measured separately, for a third of
  the time, because the timer itself costs time.
- **Latency** is that of every fourth call, and far away of each one. **Memory** is the resident set at the end of a turn.`;
}

function not() {
  return `- The bandwidth, the losses and the slow start of a real network, and the time that a real server takes.
- Proxies, compressed or large responses, uploads and downloads.
- Other machines. Client and server share the cores here. With more cores, ours gains, because it works beside the main thread.
  Compare the ratios, not the absolute figures.
- Connect itself: its response times and its rate limits.
- Features. \`ours\` checks more than the others, and the others can do things that it cannot; none was measured with features
  that it does not need.`;
}

function many({ method }) {
  return `\`closeMany\` closes ${number(method.records)} records, which are created before the clock starts. The loops are the turns of \`close\` above:
samples of ${number(method.seconds)} s, scaled to records per second.`;
}

module.exports = { how, machine, many, near, not };
