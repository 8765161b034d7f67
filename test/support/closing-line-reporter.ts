import type { Reporter, TestModule } from 'vitest/node'
import { missingServices, services } from './services.ts'

/** Ends a run with what was not run and why, and with one plain line of counts. */
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const count = (state: string): number => tests.filter((test) => test.result().state === state).length
    const broken = modules.filter(
      (module) => module.state() === 'failed' && [...module.children.allTests('failed')].length === 0,
    )
    const failed = count('failed') + broken.length + unhandled.length
    const missing = missingServices()
    if (missing.length > 0) {
      const skipped = new Set(
        modules.flatMap((module) =>
          [...module.children.allSuites()]
            .filter((suite) => suite.options.mode === 'skip')
            .map((suite) => suite.fullName),
        ),
      )
      process.stdout.write(
        `\nNot run, because this machine gave no ${missing.map((name) => `${name} (${services[name]})`).join(', ')}:\n` +
          [...skipped].map((name) => `  - ${name}\n`).join('') +
          'Run them all with: npm run test:all   (installs nothing; needs postgresql, redis-server, dovecot-imapd, chromium and the Wechaty bridge)\n\n',
      )
    }
    process.stdout.write(`${String(count('passed'))} passed, ${String(failed)} failed\n`)
  }
}
