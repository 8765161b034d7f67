import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import { silentLog } from '../../src/core/log.ts'
import { textOf } from '../../src/core/message.ts'
import { createTurn } from '../../src/router/index.ts'
import {
  createConversationStore,
  createTicketStore,
  openPostgres,
  type Database,
} from '../../src/store/index.ts'
import { initialDialogue } from '../../src/core/conversation.ts'
import { classified, dialogueWith } from '../dialogue/builders.ts'
import { person } from '../dialogue/meanings.ts'
import { buildDraft, buildInbound, buildTicketDraft, noStandings } from '../support/builders.ts'
import { openTestPostgres, type TestDatabase } from '../support/databases.ts'
import { echoTurn, startLine } from '../support/journey.ts'
import { describeWith } from '../support/services.ts'
import { startSilentProxy, type SilentProxy } from '../support/silent-proxy.ts'

describeWith('postgres', 'a turn whose PostgreSQL falls silent', (url) => {
  let test: TestDatabase
  let proxy: SilentProxy
  let reads: Database
  beforeAll(async () => {
    test = await openTestPostgres(url)
    proxy = await startSilentProxy(test.url)
    reads = await openPostgres({ url: proxy.url, maxConnections: 1, timeoutMs: 100, log: silentLog })
  })
  afterAll(async () => {
    await reads.close()
    await proxy.close()
    await test.dispose()
  })

  it('is tried until the answer is there; nobody is told that the bot failed', async () => {
    let silences = 4
    const conversations = createConversationStore(reads)
    const turn = createTurn({
      dialogue: dialogueWith(),
      understand: (heard) => Promise.resolve(classified({ ...person, text: heard })),
      clock: systemClock,
      nextTicketNumber: async () => {
        await reads.query('select 1')
        // A busy machine may cost further tries.
        if (silences > 0) {
          silences -= 1
          proxy.silence()
        }
        return conversations.nextTicketNumber()
      },
      transcript: (conversationId) =>
        createTicketStore(reads, initialDialogue).transcript(conversationId, 10),
      draftTicket: ({ number }) => buildTicketDraft(number),
      ...noStandings,
      compose: (_inboxId, parts) => buildDraft(textOf(parts)),
    })
    const line = await startLine(test, { turn })
    await line.accept(buildInbound({ text: '我要找人' }))
    await expect.poll(line.texts).not.toEqual([])
    expect(silences).toBe(0)
    expect(line.texts()).toEqual([expect.stringContaining('T-')])
    await line.stop()
  })
})

describeWith('postgres', 'a turn whose PostgreSQL is away for a while', (url) => {
  it('is given back as soon as it is there again, not when the lease ends', async () => {
    const test = await openTestPostgres(url)
    const impatient = await openPostgres({ url: test.url, maxConnections: 4, timeoutMs: 300, log: silentLog })
    const elsewhere = await openPostgres({
      ...{ url: test.url, maxConnections: 1, timeoutMs: 60_000, log: silentLog },
    })
    let away: Promise<unknown> | undefined
    const line = await startLine(
      { ...test, database: impatient },
      {
        leaseMs: 600_000,
        turn: async (claim) => {
          // Nobody gets at conversations: neither the outcome is written, nor that the turn failed.
          await new Promise<void>((locked) => {
            if (away !== undefined) {
              locked()
              return
            }
            away = elsewhere.transaction(async (query) => {
              await query('lock table conversations in access exclusive mode')
              locked()
              await query('select pg_sleep(2)')
            })
          })
          return echoTurn(claim)
        },
      },
    )
    // On a busy machine storing it may take longer than the database has.
    const message = buildInbound({ text: '在吗' })
    await expect.poll(() => line.accept(message)).toBeDefined()
    await expect.poll(line.texts).toEqual(['答:在吗'])
    await away
    await line.stop()
    await Promise.all([impatient.close(), elsewhere.close()])
    await test.dispose()
  })
})
