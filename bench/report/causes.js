'use strict';

/** Why ours is behind somewhere: the first cause that applies to a figure. */

const isHook = ({ name }) => name === 'ours, one hook';
const isOneOf =
  (...figures) =>
  ({ figure }) =>
    figures.includes(figure);
const isAlone = ({ concurrency }) => Number(concurrency) === 1;

const CAUSES = [
  {
    applies: isOneOf('fullHandshakes', 'againMs', 'againCpuMs'),
    text: 'A ticket is used once, as TLS 1.3 recommends; OpenSSL uses one for all new connections. Over HTTP/2, calls that start together open a connection each, because nothing tells before the first handshake that one would do.',
  },
  {
    applies: isOneOf('requireMs', 'coldMs', 'coldCpuMs', 'coldMainCpuMs'),
    text: 'Loading reads the addon and some thirty files; making the classes from the tables of the addon takes 1 to 2 ms.',
  },
  {
    applies: isOneOf('clientMicros'),
    text: 'A client checks its options, keeps what the engine needs, and defines its key so that it is not printed.',
  },
  {
    applies: (at) => isHook(at) && isOneOf('rssMb', 'peakMb', 'delayP99Ms')(at),
    text: 'With a hook, a call leaves more objects behind in JavaScript, among them a response and several promises: V8 has more to keep and more to collect.',
  },
  {
    applies: isHook,
    text: 'With a hook, a call runs through the pipeline in JavaScript, which makes the options of a request and a response for the hook. This comes on top of the engine’s work.',
  },
  {
    applies: isOneOf('rssMb', 'peakMb'),
    text: 'The addon, its thread and its buffers come on top of what Node needs, and responses wait in memory until the main thread takes them.',
  },
  {
    applies: isOneOf('delayP99Ms'),
    text: 'Responses that arrive together are handed over together, up to 256 kB in a turn of the event loop, which then parses them.',
  },
  {
    applies: isAlone,
    text: 'One call at a time wakes two threads, the engine’s and then the main one, where a client in JavaScript wakes one. Nothing shares the cost of it.',
  },
  {
    applies: isOneOf('cpuMicros'),
    text: 'The engine’s thread and the main thread wake each other, and both count.',
  },
  {
    applies: () => true,
    text: 'Client and server share the cores: the more threads a client has, the more often one of them waits for a core.',
  },
];

/**
 * Why ours is behind.
 *
 * @param {object} at `name` of the contender, `figure`, and `concurrency` where there is one.
 */
const causeOf = (at) => CAUSES.find(({ applies }) => applies(at)).text;

module.exports = { causeOf };
