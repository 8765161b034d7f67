import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestAgent } from '../support/agent.ts'
import { startProduct, type Product } from '../support/product.ts'

let product: Product
let admin: TestAgent
beforeAll(async () => {
  product = await startProduct({ promises: { otherwise: { calendar: 'office' } } })
  admin = await product.agent()
})
afterAll(() => product.dispose())

describe('a running product that is looked at', () => {
  it('tells of its channels, when a contact wrote last, its work and its content', async () => {
    const contact = product.contact()
    await contact.does({ kind: 'subscribe' })
    await contact.hears(/小通/)
    const health = await admin.reads('/system/health')
    // None is configured.
    expect(health).not.toHaveProperty('languageModel')
    expect(health).toMatchObject({
      database: { kind: 'embedded', reachable: true },
      channels: [
        { inboxId: 'wechat', state: 'running', lastMessageAt: expect.any(String) as string, refused: [] },
        { inboxId: 'web', channel: 'web' },
      ],
      jobs: expect.arrayContaining([expect.objectContaining({ kind: 'retire-records' })]) as unknown,
      deadJobs: [],
      timers: expect.any(Array) as unknown,
      model: { encoder: { model: 'none' }, byMeaning: false, content: { published: 0 } },
      unread: [],
    })
  })

  it('shows its calendars and rules, and takes imported holidays at once', async () => {
    const { data } = (await admin.reads('/calendars')) as { data: readonly object[] }
    expect(data).toContainEqual(
      expect.objectContaining({ name: 'office', usedBy: ['promises.otherwise.calendar'] }),
    )
    await admin.writes('/holidays/imports', { set: 'cn', text: '2033-03-01 休 试验', version: 0 })
    const moment = () => admin.reads('/calendars/office/moment?at=2033-03-01T02:00:00Z')
    await expect.poll(moment).toMatchObject({ isOpen: false, day: { rule: 'closed', name: '试验' } })
    expect(await admin.reads('/promises')).toMatchObject({ otherwise: { calendar: 'office' } })
    expect(await admin.reads('/retention')).toMatchObject({ auditDays: 1_095 })
    expect(await admin.reads('/surveys/settings')).toMatchObject({ isOn: false })
    expect(await admin.reads('/knowledge/persona')).toMatchObject({ name: '小通' })
  })
})
