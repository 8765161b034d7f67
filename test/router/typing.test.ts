import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { buildInbound } from '../support/builders.ts'
import { openTestEmbedded, type TestDatabase } from '../support/databases.ts'
import { echoTurn, outcomeOf, plainCapabilities, startLine, type LineOptions } from '../support/journey.ts'

let test: TestDatabase
let line: Awaited<ReturnType<typeof startLine>>
beforeAll(async () => {
  test = await openTestEmbedded()
})
afterAll(() => test.dispose())
afterEach(() => line.stop())

const canType = { ...plainCapabilities, typing: true }
const start = async (options: LineOptions): Promise<void> => {
  line = await startLine(test, { capabilities: canType, ...options })
}
/** A turn that ends once the contact was shown that somebody types. */
const untilShown: NonNullable<LineOptions['turn']> = async (claim) => {
  await expect.poll(() => line.typing.length).toBeGreaterThan(0)
  return echoTurn(claim)
}
let contacts = 0
const arrive = async (): Promise<string> => {
  const contactKey = `typing-${String((contacts += 1))}`
  await line.accept(buildInbound({ contactKey, text: '在吗' }))
  return contactKey
}

describe('"typing"', () => {
  it('is shown while an answer takes long, and the answer ends it', async () => {
    await start({ turn: untilShown })
    const threadKey = await arrive()
    await expect.poll(() => line.texts()).toEqual(['答:在吗'])
    expect(line.typing).toEqual([{ threadKey, on: true }])
  })

  it('is taken back when no answer comes', async () => {
    await start({ turn: async (claim) => ({ ...(await untilShown(claim)), outbound: [] }) })
    const threadKey = await arrive()
    await expect
      .poll(() => line.typing)
      .toEqual([
        { threadKey, on: true },
        { threadKey, on: false },
      ])
  })

  it('is not shown where an answer comes at once', async () => {
    await start({})
    await arrive()
    await expect.poll(() => line.texts()).toHaveLength(1)
    expect(line.typing).toEqual([])
  })

  it('is not shown while a person leads, who may be away', async () => {
    let turns = 0
    await start({
      turn: async (claim) => {
        turns += 1
        if (claim.mode === 'human') await sleep(150)
        return { ...outcomeOf(claim, '好'), mode: 'human' }
      },
    })
    const contactKey = await arrive()
    await expect.poll(() => line.texts()).toHaveLength(1)
    await line.accept(buildInbound({ contactKey, text: '还在吗' }))
    await expect.poll(() => turns).toBe(2)
    await expect.poll(() => line.texts()).toHaveLength(2)
    expect(line.typing).toEqual([])
  })

  it('is not asked of a channel that cannot', async () => {
    await start({
      capabilities: plainCapabilities,
      turn: async (claim) => {
        await sleep(150)
        return echoTurn(claim)
      },
    })
    await arrive()
    await expect.poll(() => line.texts()).toHaveLength(1)
    expect(line.typing).toEqual([])
  })
})
