import { createHash, randomUUID } from 'node:crypto'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadForms } from '../../knowledge/index.ts'
import { createFormIntake } from '../../src/complaints/index.ts'
import type { ComplaintCase } from '../../src/core/complaint.ts'
import type { TicketForm } from '../../src/core/form-progress.ts'
import { silentLog } from '../../src/core/log.ts'
import { createInboxCleaner, createListUnopened } from '../../src/store/index.ts'
import { buildInbound } from '../support/builders.ts'
import { by, lin, mei, openComplaintWorld, warn } from '../support/complaint-world.ts'
import type { TestDatabase } from '../support/databases.ts'
import { now } from '../support/ticket-world.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const both = (text: string) => ({ zh: text, en: text })

/** What every database must do with complaints as they come in, and with what is made of them. */
export const itTakesComplaints = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let ground: Awaited<ReturnType<typeof openComplaintWorld>>
  beforeAll(async () => {
    test = await open()
    ground = await openComplaintWorld(test)
  })
  afterAll(() => test.dispose())

  describe('abuse', () => {
    it('of who floods is slowed, told once and flagged, never refused; minors never wait', async () => {
      const contact = ground.world.newContact()
      const report = async (kind: 'harassment' | 'minors' = 'harassment') =>
        ground.newCase({ ticketId: (await ground.newTicket({ contact })).id, kind })
      expect([(await report()).slowed, (await report()).slowed]).toEqual([false, false])
      const third = await report()
      expect(third).toMatchObject({ slowed: true, notices: [{ about: 'slowed' }] })
      expect(await report()).toMatchObject({ slowed: true, notices: [] })
      expect((await report('minors')).slowed).toBe(false)
      expect(await ground.eventsOf('complaint.risk', third.id)).toMatchObject([
        { contactId: third.contactId, data: { reason: 'flooding', cases: 3 } },
      ])
      const listed = await ground.complaints.list({ contactId: third.contactId, limit: 10 })
      expect(listed.map(({ slowed }) => slowed)).toEqual([false, false, false, true, true])
      const rest = await ground.complaints.list({
        contactId: third.contactId,
        limit: 10,
        after: { slowed: false, dueAt: listed[2]?.dueAt ?? now, id: listed[2]?.id ?? '' },
      })
      expect(rest.map(({ id }) => id)).toEqual(listed.slice(3).map(({ id }) => id))
    })

    /** Reports by so many contacts, of whom the first so many are new. */
    const reportedBy = async (reporters: number, fresh: number) => {
      const object = ground.newObject()
      const cases: ComplaintCase[] = []
      for (let at = 0; at < reporters; at += 1) {
        const ticket = await ground.newTicket()
        const since = new Date(ground.clock.now().getTime() - (at < fresh ? 1 : 30) * 86_400_000)
        await test.database.query('update contacts set created_at = $2 where id = $1', [
          ticket.contactId,
          since,
        ])
        cases.push(await ground.newCase({ ticketId: ticket.id, objects: [object] }))
      }
      return { object, cases }
    }

    it('of many new reporters on one object is grouped and flagged once', async () => {
      const { object, cases } = await reportedBy(4, 3)
      expect(await ground.complaints.list({ object, flagged: true, limit: 10 })).toHaveLength(4)
      const [first, , third, fourth] = cases
      expect(fourth?.groups).toMatchObject([{ reports: 4, reporters: 4 }])
      expect(first?.coordinated).toBe(false)
      expect(await ground.eventsOf('complaint.risk', third?.id ?? '')).toMatchObject([
        { data: { reason: 'coordinated', reporters: 3, fresh: 3 } },
      ])
      expect(await ground.eventsOf('complaint.risk', fourth?.id ?? '')).toEqual([])
    })

    it('is none where old contacts report, or one does so again and again', async () => {
      const { object } = await reportedBy(4, 1)
      const contact = ground.world.newContact()
      for (let at = 0; at < 3; at += 1)
        await ground.newCase({ ticketId: (await ground.newTicket({ contact })).id, objects: [object] })
      const listed = await ground.complaints.list({ object, limit: 10 })
      expect(listed.map(({ coordinated }) => coordinated)).toEqual(Array(7).fill(false))
      expect((await ground.complaints.get(listed[0]?.id ?? '')).groups).toMatchObject([
        { reports: 7, reporters: 5 },
      ])
    })
  })

  describe('a form', () => {
    it('that says so opens a case with its ticket, once, of what it gathered', async () => {
      const { forms } = await loadForms('knowledge/forms', {
        topics: ['copyright-complaint'],
        articles: ['copyright-complaint-file'],
        intents: [],
      })
      const contact = ground.world.newContact()
      const { mediaId } = await ground.deps.media.saveUnsent(png)
      const form: TicketForm = {
        id: 'copyright-complaint',
        title: both('侵权投诉'),
        complete: true,
        fields: [
          { name: 'own', label: both('你的作品'), value: both('https://example.com/mine') },
          {
            name: 'infringing',
            label: both('侵权内容'),
            value: both('https://www.bilibili.com/video/BV17x411w7KC 和 av455017605'),
          },
          { name: 'role', label: both('你的身份'), value: { zh: '作者本人', en: 'The author' } },
          {
            name: 'proof',
            label: both('权属证明'),
            value: both('2 个文件'),
            files: [
              { kind: 'image', messageId: randomUUID(), mediaId, name: 'proof.png' },
              { kind: 'image', messageId: randomUUID(), mediaId: randomUUID(), name: 'gone.png' },
            ],
          },
        ],
      }
      const ticket = await ground.newTicket({ contact, form })
      ground.clock.advance(-ground.clock.now().getTime() + now.getTime())
      const intake = createFormIntake({
        ...ground.deps,
        forms: () => forms,
        unopened: createListUnopened(test.database),
        log: silentLog,
      })
      await Promise.all([intake(), intake()])
      await intake()
      const [found] = await ground.complaints.list({ ticketId: ticket.id, limit: 10 })
      expect(found).toMatchObject({
        kind: 'copyright',
        objects: [{ key: 'video:170001' }, { key: 'video:455017605' }],
        rights: { capacity: 'owner', work: 'https://example.com/mine' },
      })
      const whole = await ground.complaints.get(found?.id ?? '')
      expect(whole.evidence).toMatchObject([{ name: 'proof.png', contentType: 'image/png' }])
      expect(whole.timeline).toMatchObject([
        {
          change: 'opened',
          actor: 'system',
          detail: { rule: 'complaint-form', refused: [expect.any(String)] },
        },
      ])
    })
  })

  describe('a whole case', () => {
    it('comes as one archive whose manifest names every file with its hash', async () => {
      const file = { content: Buffer.from('聊天记录'), name: '聊天.txt', side: 'reporter' } as const
      const found = await ground.complaints.addEvidence(by(mei, await ground.newCase()), file)
      const { name, bytes } = await ground.complaints.archive(found.id)
      expect(name).toBe(`complaint-T-${String(found.ticketNumber)}.zip`)
      const files = unzipSync(new Uint8Array(await new Response(bytes).arrayBuffer()))
      const textIn = (path: string): string => Buffer.from(files[path] ?? []).toString('utf8')
      const manifest = JSON.parse(textIn('manifest.json')) as {
        files: { name: string; sha256: string; bytes: number }[]
      }
      expect(Object.keys(files).sort()).toEqual(
        [...manifest.files.map((one) => one.name), 'manifest.json'].sort(),
      )
      for (const { name: path, sha256 } of manifest.files)
        expect(
          createHash('sha256')
            .update(files[path] ?? new Uint8Array())
            .digest('hex'),
          path,
        ).toBe(sha256)
      expect(textIn(`evidence/${found.evidence[0]?.id ?? ''}.txt`)).toBe('聊天记录')
      expect(JSON.parse(textIn('timeline.json'))).toHaveLength(2)
      expect(textIn('messages.json')).toContain('大会员怎么退款')
    })

    it('finds decided cases that are like it', async () => {
      const decided = await ground.complaints.decide(by(lin, await ground.examined()), warn)
      const fresh = await ground.newCase()
      const similar = await ground.complaints.similar(fresh.id, 50)
      expect(similar.map(({ caseId }) => caseId)).toContain(decided.id)
      expect(similar.map(({ caseId }) => caseId)).not.toContain(fresh.id)
      for (const { likeness } of similar) expect(likeness).toBeGreaterThan(0)
    })

    it('goes with its inbox when that is emptied', async () => {
      const { blobs } = ground
      const cleaner = createInboxCleaner({ database: test.database, blobs })
      const found = await ground.newCase()
      await cleaner.clear([buildInbound().inboxId])
      await expect(ground.complaints.get(found.id)).rejects.toMatchObject({ code: 'not_found' })
      expect(await test.database.query('select 1 from complaint_groups')).toEqual([])
    })
  })
}
