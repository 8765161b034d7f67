import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import { silentLog } from '../../src/core/log.ts'
import type { Tool } from '../../src/core/tool.ts'
import { createAuditLog, createIdempotencyStore, createSealing } from '../../src/store/index.ts'
import { createToolbox, type Toolbox } from '../../src/tools/index.ts'
import { openTestEmbedded, openTestPostgres, type TestDatabase } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

const caller = { conversationId: 'c1', contactId: 'p1' }
const given = { order: 'A1' }

const itChangesOnce = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  beforeAll(async () => {
    test = await open()
  })
  afterAll(() => test.dispose())

  /** Two nodes on one database, and how often the brand's system was told. */
  const nodes = () => {
    let calls = 0
    const tool: Tool = {
      name: 'return',
      title: { zh: '退货', en: 'Return' },
      description: '',
      changesState: true,
      intents: ['order-mall'],
      needsIdentity: false,
      entities: {},
      toModel: false,
      shows: [],
      parameters: () =>
        Promise.resolve({ type: 'object', properties: { order: { type: 'string' } }, required: ['order'] }),
      call: () => {
        calls += 1
        return Promise.resolve({ kind: 'answered', value: { number: calls } })
      },
    }
    const node = (): Toolbox =>
      createToolbox({
        tools: [tool],
        clock: systemClock,
        log: silentLog,
        audit: createAuditLog(test.database),
        once: createIdempotencyStore(test.database, createSealing(key)),
        identityOf: () => Promise.resolve(undefined),
        hashKey: 'key-of-the-test',
      })
    const key = randomBytes(32)
    return { tool, first: node(), second: node(), calls: () => calls }
  }

  it('calls once under one id, and answers again with what came of it', async () => {
    const { tool, first, second, calls } = nodes()
    const call = await first.prepare(tool, given, caller)
    if (call === undefined || 'failure' in call) throw new Error('not prepared')
    const reply = await first.execute(call, 'call-1')
    expect(reply).toEqual({ kind: 'answered', value: { number: 1 } })
    expect(await second.execute(call, 'call-1')).toEqual(reply)
    expect(calls()).toBe(1)
    const lines = await createAuditLog(test.database).list({ act: 'tool.called' }, { limit: 10 })
    expect(lines).toHaveLength(1)
  })

  it('remembers on every node what came of it, for whom it was done alone', async () => {
    const { tool, first, second, calls } = nodes()
    expect(await second.recall('call-3', caller)).toBeUndefined()
    const call = await first.prepare(tool, given, caller)
    if (call === undefined || 'failure' in call) throw new Error('not prepared')
    await first.execute(call, 'call-3')
    const outcome = { kind: 'answered', value: { number: 1 } }
    expect(await second.recall('call-3', caller)).toEqual({ tool: 'return', given, outcome })
    expect(await second.recall('call-3', { ...caller, contactId: 'p2' })).toBeUndefined()
    expect(calls()).toBe(1)
  })

  it('takes no arguments that were not confirmed', async () => {
    const { tool, first, calls } = nodes()
    expect(await first.prepare(tool, { order: 'A1', amount: 1_000 }, caller)).toBeUndefined()
    expect(await first.prepare(tool, { order: { $ne: 1 } }, caller)).toBeUndefined()
    const call = await first.prepare(tool, given, caller)
    if (call === undefined || 'failure' in call) throw new Error('not prepared')
    await first.execute(call, 'call-2')
    const other = await first.execute({ ...call, given: { order: 'B2' } }, 'call-2')
    expect(other).toEqual({ kind: 'repeated' })
    expect(calls()).toBe(1)
  })
}

describe('a change on the embedded database', () => itChangesOnce(openTestEmbedded))
describeWith('postgres', 'a change on PostgreSQL', (url) => itChangesOnce(() => openTestPostgres(url)))
