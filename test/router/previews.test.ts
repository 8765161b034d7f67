// What a contact saw of an answer that is written, when its turn ends: nothing stays that is not said.
import { expect, it } from 'vitest'
import { createInProcessBus } from '../../src/bus/index.ts'
import { systemClock } from '../../src/core/clock.ts'
import type { Claim, TurnOutcome } from '../../src/core/conversation.ts'
import { silentLog } from '../../src/core/log.ts'
import type { CommitResult } from '../../src/core/stores.ts'
import { createReceipts, startWorker } from '../../src/router/index.ts'
import { claimOf, text } from '../dialogue/builders.ts'
import { buildDraft, buildOutcome } from '../support/builders.ts'

const claim = claimOf([[text('怎么退款')]])
const said = [buildDraft('好的')]
const decided = (rule: string, outbound: TurnOutcome['outbound']): TurnOutcome => {
  const outcome = buildOutcome(claim, { outbound })
  return { ...outcome, decision: { ...outcome.decision, rule } }
}

/** What becomes of the preview of one turn, in order, the commit among it. */
const fateOf = async (
  turn: () => Promise<TurnOutcome>,
  commit: () => Promise<CommitResult> = () => Promise.resolve('committed'),
): Promise<readonly string[]> => {
  const fate: string[] = []
  const claims: Claim[] = [claim]
  const worker = startWorker({
    store: {
      accept: () => Promise.resolve([]),
      claim: () => Promise.resolve(claims.splice(0)),
      commit: async () => {
        fate.push('commit')
        return [await commit()]
      },
      release: () => Promise.resolve(),
      nextTicketNumber: () => Promise.resolve(1),
    },
    turn: async (_claim, preview) => {
      preview?.show('第一句。')
      return turn()
    },
    preview: () => ({
      show: (words) => fate.push(words),
      end: () => Promise.resolve(void fate.push('end')),
      withdraw: (isReplaced) => fate.push(`withdraw ${String(isReplaced)}`),
    }),
    giveUp: turn,
    bus: createInProcessBus(),
    ...{ clock: systemClock, log: silentLog, receipts: createReceipts(), watch: () => undefined },
    ...{ owner: 'worker', concurrency: 1, leaseMs: 60_000, pollMs: 60_000, showTyping: () => undefined },
  })
  await expect.poll(() => fate.length, { message: 'the turn did not begin' }).toBeGreaterThan(0)
  await worker.stop()
  return fate
}

it('ends before the commit and stays until its answer takes its place', async () => {
  const fate = await fateOf(() => Promise.resolve(decided('grounded', said)))
  expect(fate).toEqual(['第一句。', 'end', 'commit'])
})

it.each<[string, () => Promise<TurnOutcome>, (() => Promise<CommitResult>) | undefined, readonly string[]]>([
  [
    'somebody else has taken over',
    () => Promise.resolve(decided('grounded', said)),
    () => Promise.resolve('fenced'),
    ['end', 'commit', 'withdraw false'],
  ],
  [
    'something else is said',
    () => Promise.resolve(decided('clarify', said)),
    undefined,
    ['end', 'commit', 'withdraw true'],
  ],
  [
    'nothing is said',
    () => Promise.resolve(decided('silent', [])),
    undefined,
    ['end', 'commit', 'withdraw false'],
  ],
  ['the turn fails', () => Promise.reject(new Error('broken')), undefined, ['withdraw false']],
  [
    'the commit fails',
    () => Promise.resolve(decided('grounded', said)),
    () => Promise.reject(new Error('the database is away')),
    ['end', 'commit', 'withdraw false'],
  ],
])('vanishes when %s', async (_why, turn, commit, expected) => {
  expect(await fateOf(turn, commit)).toEqual(['第一句。', ...expected])
})
