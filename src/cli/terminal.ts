import pc from 'picocolors'
import type { Check } from '../core/check.ts'
import { TongdaError } from '../core/errors.ts'
import { maskText } from '../log.ts'

/** Data for the next program or for eyes: standard output. */
export const print = (text: string): void => {
  process.stdout.write(`${text}\n`)
}

/** Progress and remarks: standard error, so that data stays clean. */
export const remark = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

/** Says what went wrong and ends with exit status 1, or 2 for a fault of configuration or input. */
export const fail = (error: unknown): void => {
  const known = error instanceof TongdaError
  const message = error instanceof Error ? error.message : String(error)
  remark(`${pc.red('✗')} ${maskText(message)}`)
  if (!known && error instanceof Error && process.env.TONGDA_LOG_LEVEL === 'debug')
    remark(maskText(error.stack ?? ''))
  process.exitCode = known && (error.code === 'bad_config' || error.code === 'bad_input') ? 2 : 1
}

/** A line of a check list. */
export const checkLine = (passed: boolean, title: string, fix?: string): string =>
  `${passed ? pc.green('✓') : pc.red('✗')} ${title}${passed || fix === undefined ? '' : `\n    ${pc.dim('→')} ${fix}`}`

/** A whole check list. */
export const printChecks = (checks: readonly Check[]): void => {
  for (const { title, passed, fix, remark: worthKnowing } of checks) {
    print(checkLine(passed, title, fix))
    if (worthKnowing !== undefined) print(pc.dim(`    · ${worthKnowing}`))
  }
}
