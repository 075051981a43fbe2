'use strict';

/** What a number of calls cost this process: the figures that every turn has. */

const fs = require('fs');
const { performance } = require('perf_hooks');

/** The processor time of the main thread so far, in microseconds. Linux only; elsewhere NaN, which is null in JSON. */
function mainThreadCpu() {
  try {
    return Number(fs.readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1000;
  } catch {
    return Number.NaN;
  }
}

/**
 * Starts to measure.
 *
 * @returns {Function} Told the number of calls, it returns the figures since.
 */
function meter() {
  const cpu = process.cpuUsage();
  const thread = mainThreadCpu();
  const loop = performance.eventLoopUtilization();
  const start = performance.now();
  return (calls) => {
    const seconds = (performance.now() - start) / 1000;
    const { active } = performance.eventLoopUtilization(loop);
    const { user, system } = process.cpuUsage(cpu);
    return {
      perSecond: calls / seconds,
      // Of the clock: counts also the time in which another process had the core.
      mainThreadMicros: (active * 1000) / calls,
      // Of the processor: counts the thread's own time alone.
      mainThreadCpuMicros: (mainThreadCpu() - thread) / calls,
      cpuMicros: (user + system) / calls,
    };
  };
}

/** The most memory that this process has had, in MB. Linux only; elsewhere NaN. */
function peakMb() {
  try {
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}

/** The options of this process: one argument of JSON. */
const options = () => JSON.parse(process.argv[2]);

/** Ends a turn: prints its figures. What still waits (idle connections) is not waited for. */
function say(figures) {
  process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit());
}

module.exports = { mainThreadCpu, meter, options, peakMb, say };
