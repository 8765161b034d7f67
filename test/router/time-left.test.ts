import { expect, it } from 'vitest'
import { parseConfig } from '../../src/config.ts'
import { startTime } from '../../src/router/index.ts'

/** What composing, committing and sending take at most on a machine that is not overwhelmed. */
const sendingMs = 300

it('leaves a turn so much time that its answer is there within eight seconds of the last piece', () => {
  const parsed = parseConfig({})
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  const left = startTime({ pending: [] })()
  expect(parsed.config.router.settleMs + left + sendingMs).toBeLessThanOrEqual(8_000)
})
