import { createHash, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createComplaints, createFormIntake, type ComplaintDeps } from '../../src/complaints/index.ts'
import { createMovableClock, type MovableClock } from '../../src/core/clock.ts'
import type { CaseRequest, ComplaintCase, ComplaintService, DecisionInput } from '../../src/core/complaint.ts'
import type { TicketForm } from '../../src/core/form-progress.ts'
import { silentLog } from '../../src/core/log.ts'
import type { Ticket } from '../../src/core/ticket.ts'
import { loadForms } from '../../knowledge/index.ts'
import {
  createEventLog,
  createFolderBlobs,
  createInboxCleaner,
  createListUnopened,
  createMediaStore,
} from '../../src/store/index.ts'
import { buildInbound, buildItem, buildTicketDraft } from '../support/builders.ts'
import { complaintDeps } from '../support/complaints.ts'
import type { TestDatabase } from '../support/databases.ts'
import { now, openTicketWorld, type TicketWorld } from '../support/ticket-world.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const both = (text: string) => ({ zh: text, en: text })

/** What every database must do for complaint cases. */
export const itKeepsComplaints = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let world: TicketWorld
  let clock: MovableClock
  let deps: ComplaintDeps
  let complaints: ComplaintService
  let uids = 1_000
  beforeAll(async () => {
    test = await open()
    world = await openTicketWorld(test)
    clock = createMovableClock()
    const blobs = createFolderBlobs(join(test.folder, 'media'))
    const media = createMediaStore({ database: test.database, blobs, maxBytes: 100_000 })
    const config = { dailyPerContact: 2, coordinated: { reporters: 3 } }
    deps = await complaintDeps({ database: test.database, media, clock, config })
    complaints = createComplaints(deps)
  })
  afterAll(() => test.dispose())

  const person = (name: string) => ({ id: `agent-${name}`, name })
  const [mei, lin, rui] = [person('mei'), person('lin'), person('rui')]
  const program = { id: 'key-1', name: 'moderation', program: true } as const

  /** A complaint's ticket; whoever complains is new unless named. */
  const newTicket = async (over: { contact?: string; kind?: Ticket['kind']; form?: TicketForm } = {}) => {
    let opened = 0
    const { contact = world.newContact(), kind = 'complaint', form } = over
    await world.turn(contact, (number) => {
      opened = number
      const brief = {
        reason: { code: 'asked-for-person', values: {} },
        urgency: 'normal',
        attachments: [],
        said: { earlier: 0, lines: [] },
        answered: { earlier: 0, lines: [] },
        ...(form === undefined ? {} : { forms: [form] }),
      } as const
      return { openTicket: buildTicketDraft(number, { kind, brief }) }
    })
    const all = await world.store.list({ view: 'all', agentId: '', limit: 1_000 })
    const ticket = all.find(({ number }) => number === opened)
    if (ticket === undefined) throw new Error('no ticket')
    return ticket
  }
  const newObject = (): string => `UID:${String((uids += 1))}`
  const newCase = async (over: Partial<Parameters<ComplaintService['open']>[0]> = {}) =>
    complaints.open({
      actor: mei,
      ticketId: over.ticketId ?? (await newTicket()).id,
      kind: 'harassment',
      objects: [newObject()],
      ...over,
    })
  const by = (
    actor: CaseRequest['actor'],
    { id: caseId }: ComplaintCase,
    over: Partial<CaseRequest> = {},
  ): CaseRequest => ({
    caseId,
    actor,
    ...over,
  })
  const examined = async (over: Parameters<typeof newCase>[0] = {}) =>
    complaints.examine(by(mei, await newCase(over)))
  const warn: DecisionInput = { verdict: 'warn', reason: 'harassment.messages' }
  const ban: DecisionInput = { verdict: 'ban-permanent', reason: 'harassment.messages' }
  const none: DecisionInput = { verdict: 'no-violation', reason: 'none.not-found' }
  const eventsOf = async (type: 'complaint.action' | 'complaint.risk', caseId: string) =>
    (await createEventLog(test.database).read({ types: [type], limit: 1_000 })).filter(
      ({ data }) => data['caseId'] === caseId,
    )
  const textOf = async (found: ComplaintCase): Promise<string> =>
    JSON.stringify((await world.store.transcript(found.conversationId, 100)).map(({ parts }) => parts))

  describe('opening', () => {
    it('gives a complaint’s ticket one case, with its deadlines', async () => {
      const ticket = await newTicket()
      const found = await newCase({ ticketId: ticket.id, objects: ['av170001'], kind: 'minors' })
      expect(found).toMatchObject({
        ticketId: ticket.id,
        ticketNumber: ticket.number,
        state: 'received',
        round: 1,
        objects: [{ id: 'BV17x411w7KC', key: 'video:170001' }],
        version: 1,
        timeline: [{ change: 'opened', actor: 'agent', actorName: 'mei' }],
      })
      expect(found.deadlines.map(({ name }) => name)).toEqual(['decide', 'protect-minor'])
      expect(found.dueAt).toEqual(found.deadlines[0]?.dueAt)
      await expect(newCase({ ticketId: ticket.id })).rejects.toMatchObject({ code: 'conflict' })
      expect(await complaints.get(found.id)).toEqual(found)
    })

    it('is done once for one key, also at the same moment', async () => {
      const ticketId = (await newTicket()).id
      const request = { ticketId, idempotencyKey: randomUUID() }
      const [one, two] = await Promise.all([newCase(request), newCase(request)])
      expect(one.id).toBe(two.id)
      const tries = await Promise.allSettled([newCase({ ticketId }), newCase({ ticketId })])
      expect(tries.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    })

    it('is refused for what is no complaint, for unknown tickets and objects', async () => {
      const question = await newTicket({ kind: 'question' })
      await expect(newCase({ ticketId: question.id })).rejects.toThrow(/is a question, not a complaint/)
      await expect(newCase({ ticketId: randomUUID() })).rejects.toMatchObject({ code: 'not_found' })
      await expect(newCase({ objects: ['BV1zzzzzzzzz'] })).rejects.toThrow(/do not belong together/)
      await expect(newCase({ rights: { capacity: 'owner' } })).rejects.toThrow(/copyright complaints only/)
      await expect(complaints.get(randomUUID())).rejects.toMatchObject({ code: 'not_found' })
    })
  })

  describe('changes', () => {
    it('rest on the version that was seen, and take effect once for a key', async () => {
      const found = await newCase()
      const request = by(mei, found, { version: found.version, idempotencyKey: randomUUID() })
      const after = await complaints.examine(request)
      expect([after.state, after.version]).toEqual(['examining', 2])
      expect((await complaints.examine(request)).version).toBe(2)
      await expect(
        complaints.withdraw(by(mei, found, { version: found.version }), '撤回'),
      ).rejects.toMatchObject({ code: 'conflict', facts: { version: 2, yours: 1 } })
    })

    it('that the state does not allow are refused with what could be done', async () => {
      const found = await newCase()
      await expect(complaints.decide(by(lin, found), warn)).rejects.toThrow(
        /a case that is received does not take “decide”; possible are: examine, ask/,
      )
      await expect(complaints.approve(by(lin, found))).rejects.toMatchObject({ code: 'conflict' })
      const ended = await complaints.withdraw(by(mei, found), '用户撤回')
      await expect(complaints.examine(by(mei, ended))).rejects.toThrow(/it is over/)
    })

    it('of the kind bring its own deadlines, counted from the beginning', async () => {
      const found = await newCase()
      const after = await complaints.change(by(mei, found), { kind: 'minors', objects: ['UID:7'] })
      expect(after).toMatchObject({ kind: 'minors', objects: [{ key: 'user:7' }] })
      expect(after.dueAt.getTime() - found.createdAt.getTime()).toBe(4 * 3_600_000)
      expect(after.timeline.at(-1)?.detail).toMatchObject({ kind: { from: 'harassment', to: 'minors' } })
    })
  })

  describe('evidence', () => {
    it('is kept with its hash, its type and who brought it, once', async () => {
      const found = await newCase()
      const file = { content: Buffer.from('他说……'), name: 'chat.txt', side: 'reporter' } as const
      const after = await complaints.addEvidence(by(mei, found), file)
      const sha256 = createHash('sha256').update(file.content).digest('hex')
      expect(after.evidence).toMatchObject([
        { name: 'chat.txt', contentType: 'text/plain', sha256, sentSha256: sha256, addedBy: mei.id },
      ])
      await expect(complaints.addEvidence(by(mei, found), file)).rejects.toThrow(/in the case already/)
    })

    it('is refused whole when it is not what its name says', async () => {
      const found = await newCase()
      const file = { content: png, name: 'letter.pdf', side: 'reporter' } as const
      await expect(complaints.addEvidence(by(mei, found), file)).rejects.toThrow(/\.pdf.*image\/png/)
      const large = { content: Buffer.alloc(100_001, 'x'), side: 'reporter' } as const
      await expect(complaints.addEvidence(by(mei, found), large)).rejects.toThrow(/over the limit/)
      expect(await complaints.get(found.id)).toEqual(found)
    })

    it('comes from the reporter’s messages or fresh uploads, not from others', async () => {
      const { mediaId } = await deps.media.saveUnsent(png)
      const found = await newCase()
      const after = await complaints.addEvidence(by(mei, found), { mediaId, side: 'reporter' })
      expect(after.evidence).toMatchObject([{ mediaId, contentType: 'image/png' }])
      // From now on it is the case's.
      const other = await newCase()
      await expect(
        complaints.addEvidence(by(mei, other), { mediaId, side: 'reporter' }),
      ).rejects.toMatchObject({ code: 'not_found' })
    })

    it('that was waited for takes the case up again', async () => {
      const found = await newCase()
      const ask = { verdict: 'need-more-evidence', reason: 'evidence.incomplete', ask: '请发截图' } as const
      const waiting = await complaints.decide(by(lin, found), ask)
      expect(waiting).toMatchObject({ state: 'awaiting-evidence', notices: [{ about: 'evidence-wanted' }] })
      expect(await textOf(waiting)).toContain('请发截图')
      const file = { content: png, name: 'a.png', side: 'reporter' } as const
      expect((await complaints.addEvidence(by(mei, waiting), file)).state).toBe('examining')
    })
  })

  describe('decisions', () => {
    it('ask the moderation system, tell the reporter, and keep who complained to themselves', async () => {
      const found = await examined()
      const after = await complaints.decide(by(lin, found), { ...warn, toReported: '请删除相关评论。' })
      expect(after).toMatchObject({
        state: 'decided',
        decisions: [{ verdict: 'warn', state: 'effective', proposedBy: lin.id, reason: warn.reason }],
        actions: [{ kind: 'warn', state: 'requested', requests: 1 }],
        notices: expect.arrayContaining([
          expect.objectContaining({ side: 'reporter', messageId: expect.any(String) as string }),
          expect.objectContaining({ side: 'reported' }),
        ]) as unknown,
      })
      const told = after.notices.find(({ side }) => side === 'reporter')
      expect(await textOf(after)).toContain(told?.words.zh)
      const [event] = await eventsOf('complaint.action', found.id)
      expect(event).toMatchObject({
        data: { actionId: after.actions[0]?.id, action: 'warn', attempt: 1, objects: found.objects },
      })
      const sent = JSON.stringify(event)
      expect(sent).toContain('请删除相关评论')
      for (const secret of [found.contactId, found.conversationId, found.ticketId, found.summary])
        expect(sent).not.toContain(secret)
    })

    it('refuse words that tell who complained, and leave nothing behind', async () => {
      const found = await examined()
      const quoting = { ...warn, toReported: '有人说“大会员怎么退款”' }
      await test.database.query(
        `update messages set parts = '[{"kind":"text","text":"他每天私信骂我还去我的评论区"}]'
         where conversation_id = $1 and direction = 'in'`,
        [found.conversationId],
      )
      await expect(
        complaints.decide(by(lin, found), { ...quoting, toReported: '你每天私信骂我还去' }),
      ).rejects.toThrow(/hold the words of who complained/)
      expect(await complaints.get(found.id)).toEqual(found)
      expect(await eventsOf('complaint.action', found.id)).toEqual([])
    })

    it('are made by people, for a reason of the list, with all they need', async () => {
      const found = await examined()
      const decide = (input: DecisionInput) => complaints.decide(by(lin, found), input)
      await expect(complaints.decide(by(program, found), warn)).rejects.toMatchObject({ code: 'forbidden' })
      await expect(decide({ ...warn, reason: 'copyright.reupload' })).rejects.toThrow(/is no reason for warn/)
      await expect(decide({ ...warn, hours: 3 })).rejects.toThrow(/has no duration/)
      await expect(decide({ ...warn, verdict: 'mute' })).rejects.toThrow(/after how many hours/)
      await expect(decide({ ...none, toReported: '好' })).rejects.toThrow(/told nothing/)
      await expect(decide({ ...warn, ask: '什么' })).rejects.toThrow(/belongs to need-more-evidence/)
      const nothing = await examined({ objects: [] })
      await expect(complaints.decide(by(lin, nothing), warn)).rejects.toThrow(/add the object first/)
      const rights = await examined({ kind: 'copyright' })
      const takedown = { verdict: 'takedown', reason: 'copyright.reupload' } as const
      await expect(complaints.decide(by(lin, rights), takedown)).rejects.toThrow(/declaration of rights/)
      const declared = await complaints.change(by(mei, rights), {
        rights: { capacity: 'owner', statement: '本人声明以上属实' },
      })
      expect((await complaints.decide(by(lin, declared), takedown)).state).toBe('decided')
    })

    it('of a ban need a second person', async () => {
      const found = await examined()
      const proposed = await complaints.decide(by(lin, found), ban)
      expect(proposed).toMatchObject({ state: 'proposed', actions: [], notices: [] })
      await expect(complaints.approve(by(lin, proposed))).rejects.toThrow(/two-person rule/)
      await expect(complaints.reject(by(lin, proposed), '不')).rejects.toThrow(/two-person rule/)
      await expect(complaints.approve(by(program, proposed))).rejects.toMatchObject({ code: 'forbidden' })
      const rejected = await complaints.reject(by(mei, proposed), '证据不足')
      expect(rejected).toMatchObject({ state: 'examining', decisions: [{ state: 'rejected' }] })
      const again = await complaints.decide(by(lin, rejected), ban)
      const approved = await complaints.approve(by(mei, again))
      expect(approved).toMatchObject({
        state: 'decided',
        decisions: [{ state: 'rejected' }, { state: 'effective', proposedBy: lin.id, settledBy: mei.id }],
        actions: [{ kind: 'ban-permanent' }],
      })
    })

    it('of two approvers at once take effect once', async () => {
      const proposed = await complaints.decide(by(lin, await examined()), ban)
      const both = await Promise.allSettled([
        complaints.approve(by(mei, proposed)),
        complaints.approve(by(rui, proposed)),
      ])
      expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect((await complaints.get(proposed.id)).actions).toHaveLength(1)
    })
  })

  describe('appeals', () => {
    it('are decided by somebody who had no part, and take the measure back', async () => {
      const decided = await complaints.approve(
        by(mei, await complaints.decide(by(lin, await examined()), ban)),
      )
      const appealed = await complaints.appeal(by(program, decided), 'reported', '我没有骚扰任何人')
      expect(appealed).toMatchObject({ state: 'appealed', round: 2 })
      expect(appealed.deadlines.map(({ name }) => name)).toContain('review')
      // Only the law on rights has the statement passed on.
      expect(await textOf(appealed)).not.toContain('我没有骚扰任何人')
      const review = await complaints.examine(by(rui, appealed))
      for (const partial of [mei, lin])
        await expect(complaints.decide(by(partial, review), none)).rejects.toThrow(/had a part/)
      const final = await complaints.decide(by(rui, review), none)
      expect(final).toMatchObject({
        state: 'final',
        actions: [{ kind: 'ban-permanent' }, { kind: 'lift', lifts: decided.actions[0]?.id }],
      })
      await expect(complaints.appeal(by(mei, final), 'reporter', '不服')).rejects.toThrow(/it is over/)
    })

    it('that change nothing only tell so', async () => {
      const decided = await complaints.decide(by(lin, await examined()), warn)
      const appealed = await complaints.appeal(by(mei, decided), 'reporter', '太轻了')
      const final = await complaints.decide(by(rui, await complaints.examine(by(rui, appealed))), warn)
      expect(final.actions.map(({ kind }) => kind)).toEqual(['warn', 'inform'])
    })

    it('with a counter-notice on rights are passed on, and start the time the law gives', async () => {
      const rights = { capacity: 'owner', statement: '本人声明以上属实' } as const
      const found = await examined({ kind: 'copyright', rights, objects: ['av170001'] })
      const takedown = { verdict: 'takedown', reason: 'copyright.reupload' } as const
      const decided = await complaints.decide(by(lin, found), takedown)
      const appealed = await complaints.appeal(by(program, decided), 'reported', '我有授权书')
      expect(await textOf(appealed)).toContain('我有授权书')
      expect(appealed.deadlines.map(({ name }) => name)).toEqual(['review', 'end-measures'])
    })

    it('are refused when the time is over, and where there is nothing to object to', async () => {
      const decided = await complaints.decide(by(lin, await examined()), none)
      await expect(complaints.appeal(by(program, decided), 'reported', '不服')).rejects.toThrow(
        /nothing to object to/,
      )
      clock.advance(16 * 86_400_000)
      await expect(complaints.appeal(by(mei, decided), 'reporter', '不服')).rejects.toThrow(/was over on/)
      expect(await deps.store.expire(clock.now(), 100)).toContain(decided.id)
      expect(await complaints.get(decided.id)).toMatchObject({
        state: 'final',
        timeline: expect.arrayContaining([
          expect.objectContaining({ change: 'expired', actor: 'system' }),
        ]) as unknown,
      })
    })
  })

  describe('actions', () => {
    it('are confirmed once, and asked for again when they failed', async () => {
      const decided = await complaints.decide(by(lin, await examined()), warn)
      const [action] = decided.actions
      if (action === undefined) throw new Error('no action')
      const report = (state: 'confirmed' | 'failed', more = {}) =>
        complaints.report(by(program, decided), action.id, { state, ...more })
      const failed = await report('failed', { problem: '账号不存在' })
      expect(failed.actions).toMatchObject([{ state: 'failed', problem: '账号不存在' }])
      const again = await complaints.repeat(by(mei, decided), action.id)
      expect(again.actions).toMatchObject([{ state: 'requested', requests: 2 }])
      expect(await eventsOf('complaint.action', decided.id)).toMatchObject([
        { data: { attempt: 1 } },
        { data: { attempt: 2, actionId: action.id } },
      ])
      const confirmed = await report('confirmed', { reference: 'M-77' })
      expect(confirmed.actions).toMatchObject([{ state: 'confirmed', reference: 'M-77' }])
      expect((await report('confirmed')).version).toBe(confirmed.version)
      await expect(report('failed')).rejects.toMatchObject({ code: 'conflict' })
      await expect(complaints.repeat(by(mei, decided), action.id)).rejects.toMatchObject({ code: 'conflict' })
      const other = await newCase()
      await expect(
        complaints.report(by(program, other), action.id, { state: 'confirmed' }),
      ).rejects.toMatchObject({ code: 'not_found' })
    })
  })

  describe('abuse', () => {
    it('of who floods is slowed, told once and flagged, never refused; minors never wait', async () => {
      const contact = world.newContact()
      const report = async (kind: 'harassment' | 'minors' = 'harassment') =>
        newCase({ ticketId: (await newTicket({ contact })).id, kind })
      expect([(await report()).slowed, (await report()).slowed]).toEqual([false, false])
      const third = await report()
      expect(third).toMatchObject({ slowed: true, notices: [{ about: 'slowed' }] })
      expect(await report()).toMatchObject({ slowed: true, notices: [] })
      expect((await report('minors')).slowed).toBe(false)
      expect(await eventsOf('complaint.risk', third.id)).toMatchObject([
        { contactId: third.contactId, data: { reason: 'flooding', cases: 3 } },
      ])
      const listed = await complaints.list({ contactId: third.contactId, limit: 10 })
      expect(listed.map(({ slowed }) => slowed)).toEqual([false, false, false, true, true])
      const rest = await complaints.list({
        contactId: third.contactId,
        limit: 10,
        after: { slowed: false, dueAt: listed[2]?.dueAt ?? now, id: listed[2]?.id ?? '' },
      })
      expect(rest.map(({ id }) => id)).toEqual(listed.slice(3).map(({ id }) => id))
    })

    /** Reports by so many contacts, of whom the first so many are new. */
    const reportedBy = async (reporters: number, fresh: number) => {
      const object = newObject()
      const cases: ComplaintCase[] = []
      for (let at = 0; at < reporters; at += 1) {
        const ticket = await newTicket()
        const since = new Date(clock.now().getTime() - (at < fresh ? 1 : 30) * 86_400_000)
        await test.database.query('update contacts set created_at = $2 where id = $1', [
          ticket.contactId,
          since,
        ])
        cases.push(await newCase({ ticketId: ticket.id, objects: [object] }))
      }
      return { object, cases }
    }

    it('of many new reporters on one object is grouped and flagged once', async () => {
      const { object, cases } = await reportedBy(4, 3)
      expect(await complaints.list({ object, flagged: true, limit: 10 })).toHaveLength(4)
      const [first, , third, fourth] = cases
      expect(fourth?.groups).toMatchObject([{ reports: 4, reporters: 4 }])
      expect(first?.coordinated).toBe(false)
      expect(await eventsOf('complaint.risk', third?.id ?? '')).toMatchObject([
        { data: { reason: 'coordinated', reporters: 3, fresh: 3 } },
      ])
      expect(await eventsOf('complaint.risk', fourth?.id ?? '')).toEqual([])
    })

    it('is none where old contacts report, or one does so again and again', async () => {
      const { object } = await reportedBy(4, 1)
      const contact = world.newContact()
      for (let at = 0; at < 3; at += 1)
        await newCase({ ticketId: (await newTicket({ contact })).id, objects: [object] })
      const listed = await complaints.list({ object, limit: 10 })
      expect(listed.map(({ coordinated }) => coordinated)).toEqual(Array(7).fill(false))
      expect((await complaints.get(listed[0]?.id ?? '')).groups).toMatchObject([{ reports: 7, reporters: 5 }])
    })
  })

  describe('a form', () => {
    it('that says so opens a case with its ticket, once, of what it gathered', async () => {
      const { forms } = await loadForms('knowledge/forms', {
        topics: ['copyright-complaint'],
        articles: ['copyright-complaint-file'],
        intents: [],
      })
      const contact = world.newContact()
      const { mediaId } = await deps.media.saveUnsent(png)
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
      const ticket = await newTicket({ contact, form })
      clock.advance(-clock.now().getTime() + now.getTime())
      const intake = createFormIntake({
        ...deps,
        forms: () => forms,
        unopened: createListUnopened(test.database),
        log: silentLog,
      })
      await Promise.all([intake(), intake()])
      await intake()
      const [found] = await complaints.list({ ticketId: ticket.id, limit: 10 })
      expect(found).toMatchObject({
        kind: 'copyright',
        objects: [{ key: 'video:170001' }, { key: 'video:455017605' }],
        rights: { capacity: 'owner', work: 'https://example.com/mine' },
      })
      const whole = await complaints.get(found?.id ?? '')
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
      const found = await complaints.addEvidence(by(mei, await newCase()), file)
      const { name, bytes } = await complaints.archive(found.id)
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
      const decided = await complaints.decide(by(lin, await examined()), warn)
      const fresh = await newCase()
      const similar = await complaints.similar(fresh.id, 50)
      expect(similar.map(({ caseId }) => caseId)).toContain(decided.id)
      expect(similar.map(({ caseId }) => caseId)).not.toContain(fresh.id)
      for (const { likeness } of similar) expect(likeness).toBeGreaterThan(0)
    })

    it('goes with its inbox when that is emptied', async () => {
      const blobs = createFolderBlobs(join(test.folder, 'media'))
      const cleaner = createInboxCleaner({ database: test.database, blobs })
      const found = await newCase()
      await cleaner.clear([buildItem(buildInbound()).message.inboxId])
      await expect(complaints.get(found.id)).rejects.toMatchObject({ code: 'not_found' })
      expect(await test.database.query('select 1 from complaint_groups')).toEqual([])
    })
  })
}
