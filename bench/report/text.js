'use strict';

/** The words around the tables of docs/benchmark.md. */

const { number } = require('./format');

function machine({ machine: about, method }) {
  return `${about.processor}, ${about.cores} cores, ${about.memoryGb} GB; ${about.system}; Node ${about.node}, Rust ${about.rust}; ${about.date}, ${method.rounds} rounds.
Ours ${about.ours}, published SDK ${about.sdk22}, undici ${about.undici} (the global \`fetch\`: ${about.globalFetch ?? 'unknown'}),
node-fetch ${about['node-fetch']}, axios ${about.axios}, got ${about.got}.`;
}

function how({ method }) {
  return `\`npm run bench\` builds all that it needs, measures, and writes this page, its charts and the README's table.

- The server ([server.rs](../bench/server.rs)) is hyper on one thread, on the same machine, over plain HTTP. It does nothing:
  what a client costs is what is seen. Its answers look like the API's, a dozen headers and 900 bytes a record.
- Every contender ([contenders.js](../bench/contenders.js)) does the same work: builds the body, sends key and type, looks at
  the status, parses the JSON, hands back an object. All keep their connections. Ours, the published SDK and the global
  \`fetch\` are as they come out of the box, ours with at most 64 connections to a host; the others have an agent with a
  connection for each request under way.
- A turn is a process of its own: so many requests under way at once, each followed by the next, for ${number(method.warmUp)} s to warm
  up and for ${number(method.seconds)} s that are measured. In a round everybody has one turn at each concurrency, those that are compared
  one after the other, in an order that changes from round to round. With less time to
  warm up, those that are written in JavaScript are measured while they are still being compiled: after 0.5 s some run at two
  thirds of the speed that they reach.
- A ratio is of two figures of the same round; what is told is the median of the ratios, not the ratio of medians, and behind it
  the least and the most.
- _Main thread_ is the time in which Node's event loop was active, for a request. It goes by the clock, and so counts the time
  in which the loop could have run and another process or thread had the core: with the server, the client's own threads and the
  main thread on few cores that is much. _Of it processor_ is the time that the main thread had the processor, which the kernel
  counts (Linux only). _All threads_ is the processor time of the whole process.
- _Loop delay_ is what a timer of 1 ms comes late, as Node's histogram has it; the 1 ms itself, which it counts too, is
  subtracted. It is measured in a part of its own, a third as long, because the timer is work as well.
- Latency is of every fourth call. Memory is what is resident at the end of a turn.`;
}

function not() {
  return `- Nothing about a network. On a real one, a request takes tens of milliseconds, and whoever waits for them one by one is as
  fast with any client; what remains is how much of the main thread and of the processor a request costs, and \`closeMany\`.
- Nothing about TLS, proxies, HTTP/2, compressed or large answers, uploads and downloads.
- Nothing about another machine. Client and server share the cores: the more cores, the more of what ours does beside the
  main thread is gained. Absolute figures are the machine's; read the ratios.
- Nothing about Connect itself: how soon it answers, and how many requests it allows.
- \`ours\` checks more than the others do, and they do things that it does not; nobody was measured with what it does not need.`;
}

function many({ method }) {
  return `\`closeMany\` closes ${number(method.records)} records, which are made before the clock starts. The loops are the turns of \`close\` above: a sample of
${number(method.seconds)} s, scaled to records a second.`;
}

module.exports = { how, machine, many, not };
