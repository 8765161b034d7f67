import { defineConfig } from 'vitest/config'
import SpreadLong from './test/support/spread-long.ts'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    reporters: ['default', './test/support/closing-line-reporter.ts'],
    // These end a test that hangs; they measure nothing. A busy two-core machine may stand still for seconds. A poll
    // and a browser's wait (30 s) end before the test does, so that a failure names what it waited for.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
    pool: 'forks',
    maxWorkers: 2,
    // A worker reads the product once, not once for every file: that is a third of the time of the whole suite. What a
    // module keeps from one test to the next is what it would work out anew, and a test undoes what it does to the process.
    isolate: false,
    // V8 would compile the embedded database's WebAssembly a second time, for long runs that no test has.
    execArgv: ['--liftoff-only'],
    sequence: { sequencer: SpreadLong },
  },
})
