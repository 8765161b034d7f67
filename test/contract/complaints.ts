import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DecisionInput } from '../../src/core/complaint-work.ts'
import {
  ban,
  by,
  lin,
  mei,
  none,
  openComplaintWorld,
  program,
  rui,
  warn,
} from '../support/complaint-world.ts'
import type { TestDatabase } from '../support/databases.ts'

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

/** What every database must do for complaint cases. */
export const itKeepsComplaints = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let ground: Awaited<ReturnType<typeof openComplaintWorld>>
  beforeAll(async () => {
    test = await open()
    ground = await openComplaintWorld(test)
  })
  afterAll(() => test.dispose())

  describe('opening', () => {
    it('gives a complaint’s ticket one case, with its deadlines', async () => {
      const ticket = await ground.newTicket()
      const found = await ground.newCase({ ticketId: ticket.id, objects: ['av170001'], kind: 'minors' })
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
      await expect(ground.newCase({ ticketId: ticket.id })).rejects.toMatchObject({ code: 'conflict' })
      expect(await ground.complaints.get(found.id)).toEqual(found)
    })

    it('is done once for one key, also at the same moment', async () => {
      const ticketId = (await ground.newTicket()).id
      const request = { ticketId, idempotencyKey: randomUUID() }
      const [one, two] = await Promise.all([ground.newCase(request), ground.newCase(request)])
      expect(one.id).toBe(two.id)
      const tries = await Promise.allSettled([ground.newCase({ ticketId }), ground.newCase({ ticketId })])
      expect(tries.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    })

    it('is refused for what is no complaint, for unknown tickets and objects', async () => {
      const question = await ground.newTicket({ kind: 'question' })
      await expect(ground.newCase({ ticketId: question.id })).rejects.toThrow(
        /is a question, not a complaint/,
      )
      await expect(ground.newCase({ ticketId: randomUUID() })).rejects.toMatchObject({ code: 'not_found' })
      await expect(ground.newCase({ objects: ['BV1zzzzzzzzz'] })).rejects.toThrow(/do not belong together/)
      await expect(ground.newCase({ rights: { capacity: 'owner' } })).rejects.toThrow(
        /copyright complaints only/,
      )
      await expect(ground.complaints.get(randomUUID())).rejects.toMatchObject({ code: 'not_found' })
    })
  })

  describe('changes', () => {
    it('rest on the version that was seen, and take effect once for a key', async () => {
      const found = await ground.newCase()
      const request = by(mei, found, { version: found.version, idempotencyKey: randomUUID() })
      const after = await ground.complaints.examine(request)
      expect([after.state, after.version]).toEqual(['examining', 2])
      expect((await ground.complaints.examine(request)).version).toBe(2)
      await expect(
        ground.complaints.withdraw(by(mei, found, { version: found.version }), '撤回'),
      ).rejects.toMatchObject({ code: 'conflict', facts: { version: 2, yours: 1 } })
    })

    it('that the state does not allow are refused with what could be done', async () => {
      const found = await ground.newCase()
      await expect(ground.complaints.decide(by(lin, found), warn)).rejects.toThrow(
        /a case that is received does not take “decide”; possible are: examine, ask/,
      )
      await expect(ground.complaints.approve(by(lin, found))).rejects.toMatchObject({ code: 'conflict' })
      const ended = await ground.complaints.withdraw(by(mei, found), '用户撤回')
      await expect(ground.complaints.examine(by(mei, ended))).rejects.toThrow(/it is over/)
    })

    it('of the kind bring its own deadlines, counted from the beginning', async () => {
      const found = await ground.newCase()
      const after = await ground.complaints.change(by(mei, found), { kind: 'minors', objects: ['UID:7'] })
      expect(after).toMatchObject({ kind: 'minors', objects: [{ key: 'user:7' }] })
      expect(after.dueAt.getTime() - found.createdAt.getTime()).toBe(4 * 3_600_000)
      expect(after.timeline.at(-1)?.detail).toMatchObject({ kind: { from: 'harassment', to: 'minors' } })
    })
  })

  describe('evidence', () => {
    it('is kept with its hash, its type and who brought it, once', async () => {
      const found = await ground.newCase()
      const file = { content: Buffer.from('他说……'), name: 'chat.txt', side: 'reporter' } as const
      const after = await ground.complaints.addEvidence(by(mei, found), file)
      const sha256 = createHash('sha256').update(file.content).digest('hex')
      expect(after.evidence).toMatchObject([
        { name: 'chat.txt', contentType: 'text/plain', sha256, sentSha256: sha256, addedBy: mei.id },
      ])
      await expect(ground.complaints.addEvidence(by(mei, found), file)).rejects.toThrow(/in the case already/)
    })

    it('is refused whole when it is not what its name says', async () => {
      const found = await ground.newCase()
      const file = { content: png, name: 'letter.pdf', side: 'reporter' } as const
      await expect(ground.complaints.addEvidence(by(mei, found), file)).rejects.toThrow(/\.pdf.*image\/png/)
      const large = { content: Buffer.alloc(100_001, 'x'), side: 'reporter' } as const
      await expect(ground.complaints.addEvidence(by(mei, found), large)).rejects.toThrow(/over the limit/)
      expect(await ground.complaints.get(found.id)).toEqual(found)
    })

    it('comes from the reporter’s messages or fresh uploads, not from others', async () => {
      const { mediaId } = await ground.deps.media.saveUnsent(png)
      const found = await ground.newCase()
      const after = await ground.complaints.addEvidence(by(mei, found), { mediaId, side: 'reporter' })
      expect(after.evidence).toMatchObject([{ mediaId, contentType: 'image/png' }])
      // From now on it is the case's.
      const other = await ground.newCase()
      await expect(
        ground.complaints.addEvidence(by(mei, other), { mediaId, side: 'reporter' }),
      ).rejects.toMatchObject({ code: 'not_found' })
    })

    it('that was waited for takes the case up again', async () => {
      const found = await ground.newCase()
      const ask = { verdict: 'need-more-evidence', reason: 'evidence.incomplete', ask: '请发截图' } as const
      const waiting = await ground.complaints.decide(by(lin, found), ask)
      expect(waiting).toMatchObject({ state: 'awaiting-evidence', notices: [{ about: 'evidence-wanted' }] })
      expect(await ground.textOf(waiting)).toContain('请发截图')
      const file = { content: png, name: 'a.png', side: 'reporter' } as const
      expect((await ground.complaints.addEvidence(by(mei, waiting), file)).state).toBe('examining')
    })
  })

  describe('decisions', () => {
    it('ask the moderation system, tell the reporter, and keep who complained to themselves', async () => {
      const found = await ground.examined()
      const after = await ground.complaints.decide(by(lin, found), {
        ...warn,
        toReported: '请删除相关评论。',
      })
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
      expect(await ground.textOf(after)).toContain(told?.words.zh)
      const [event] = await ground.eventsOf('complaint.action', found.id)
      expect(event).toMatchObject({
        data: { actionId: after.actions[0]?.id, action: 'warn', attempt: 1, objects: found.objects },
      })
      const sent = JSON.stringify(event)
      expect(sent).toContain('请删除相关评论')
      for (const secret of [found.contactId, found.conversationId, found.ticketId, found.summary])
        expect(sent).not.toContain(secret)
    })

    it('refuse words that tell who complained, and leave nothing behind', async () => {
      const found = await ground.examined()
      const quoting = { ...warn, toReported: '有人说“大会员怎么退款”' }
      await test.database.query(
        `update messages set parts = '[{"kind":"text","text":"他每天私信骂我还去我的评论区"}]'
         where conversation_id = $1 and direction = 'in'`,
        [found.conversationId],
      )
      await expect(
        ground.complaints.decide(by(lin, found), { ...quoting, toReported: '你每天私信骂我还去' }),
      ).rejects.toThrow(/hold the words of who complained/)
      expect(await ground.complaints.get(found.id)).toEqual(found)
      expect(await ground.eventsOf('complaint.action', found.id)).toEqual([])
    })

    it('are made by people, for a reason of the list, with all they need', async () => {
      const found = await ground.examined()
      const decide = (input: DecisionInput) => ground.complaints.decide(by(lin, found), input)
      await expect(ground.complaints.decide(by(program, found), warn)).rejects.toMatchObject({
        code: 'forbidden',
      })
      await expect(decide({ ...warn, reason: 'copyright.reupload' })).rejects.toThrow(/is no reason for warn/)
      await expect(decide({ ...warn, hours: 3 })).rejects.toThrow(/has no duration/)
      await expect(decide({ ...warn, verdict: 'mute' })).rejects.toThrow(/after how many hours/)
      await expect(decide({ ...none, toReported: '好' })).rejects.toThrow(/told nothing/)
      await expect(decide({ ...warn, ask: '什么' })).rejects.toThrow(/belongs to need-more-evidence/)
      const nothing = await ground.examined({ objects: [] })
      await expect(ground.complaints.decide(by(lin, nothing), warn)).rejects.toThrow(/add the object first/)
      const rights = await ground.newRights()
      const takedown = { verdict: 'takedown', reason: 'copyright.reupload' } as const
      await expect(ground.complaints.decide(by(lin, rights), takedown)).rejects.toThrow(
        /declaration of rights/,
      )
      const declared = await ground.complaints.change(by(mei, rights), {
        rights: { capacity: 'owner', statement: '本人声明以上属实' },
      })
      expect((await ground.complaints.decide(by(lin, declared), takedown)).state).toBe('decided')
    })

    it('of a ban need a second person', async () => {
      const found = await ground.examined()
      const proposed = await ground.complaints.decide(by(lin, found), ban)
      expect(proposed).toMatchObject({ state: 'proposed', actions: [], notices: [] })
      await expect(ground.complaints.approve(by(lin, proposed))).rejects.toThrow(/two-person rule/)
      await expect(ground.complaints.reject(by(lin, proposed), '不')).rejects.toThrow(/two-person rule/)
      await expect(ground.complaints.approve(by(program, proposed))).rejects.toMatchObject({
        code: 'forbidden',
      })
      const rejected = await ground.complaints.reject(by(mei, proposed), '证据不足')
      expect(rejected).toMatchObject({ state: 'examining', decisions: [{ state: 'rejected' }] })
      const again = await ground.complaints.decide(by(lin, rejected), ban)
      const approved = await ground.complaints.approve(by(mei, again))
      expect(approved).toMatchObject({
        state: 'decided',
        decisions: [{ state: 'rejected' }, { state: 'effective', proposedBy: lin.id, settledBy: mei.id }],
        actions: [{ kind: 'ban-permanent' }],
      })
    })

    it('of two approvers at once take effect once', async () => {
      const proposed = await ground.complaints.decide(by(lin, await ground.examined()), ban)
      const both = await Promise.allSettled([
        ground.complaints.approve(by(mei, proposed)),
        ground.complaints.approve(by(rui, proposed)),
      ])
      expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect((await ground.complaints.get(proposed.id)).actions).toHaveLength(1)
    })
  })

  describe('appeals', () => {
    it('are decided by somebody who had no part, and take the measure back', async () => {
      const decided = await ground.complaints.approve(
        by(mei, await ground.complaints.decide(by(lin, await ground.examined()), ban)),
      )
      const appealed = await ground.complaints.appeal(by(program, decided), 'reported', '我没有骚扰任何人')
      expect(appealed).toMatchObject({ state: 'appealed', round: 2 })
      expect(appealed.deadlines.map(({ name }) => name)).toContain('review')
      // Only the law on rights has the statement passed on.
      expect(await ground.textOf(appealed)).not.toContain('我没有骚扰任何人')
      const review = await ground.complaints.examine(by(rui, appealed))
      for (const partial of [mei, lin])
        await expect(ground.complaints.decide(by(partial, review), none)).rejects.toThrow(/had a part/)
      const final = await ground.complaints.decide(by(rui, review), none)
      expect(final).toMatchObject({
        state: 'final',
        actions: [{ kind: 'ban-permanent' }, { kind: 'lift', lifts: decided.actions[0]?.id }],
      })
      await expect(ground.complaints.appeal(by(mei, final), 'reporter', '不服')).rejects.toThrow(/it is over/)
    })

    it('are not approved either by who had a part', async () => {
      const decided = await ground.complaints.decide(by(lin, await ground.examined()), warn)
      const appealed = await ground.complaints.appeal(by(mei, decided), 'reporter', '太轻了')
      const review = await ground.complaints.examine(by(rui, appealed))
      const proposed = await ground.complaints.decide(by(rui, review), ban)
      await expect(ground.complaints.approve(by(lin, proposed))).rejects.toThrow(/had a part/)
      await expect(ground.complaints.reject(by(lin, proposed), '不')).rejects.toThrow(/had a part/)
      expect(await ground.complaints.approve(by(mei, proposed))).toMatchObject({ state: 'final' })
    })

    it('that change nothing only tell so', async () => {
      const decided = await ground.complaints.decide(by(lin, await ground.examined()), warn)
      const appealed = await ground.complaints.appeal(by(mei, decided), 'reporter', '太轻了')
      const final = await ground.complaints.decide(
        by(rui, await ground.complaints.examine(by(rui, appealed))),
        warn,
      )
      expect(final.actions.map(({ kind }) => kind)).toEqual(['warn', 'inform'])
    })

    it('with a counter-notice on rights are passed on, and start the time the law gives', async () => {
      const rights = { capacity: 'owner', statement: '本人声明以上属实' } as const
      const found = await ground.newRights({ rights, objects: ['av170001'] })
      const takedown = { verdict: 'takedown', reason: 'copyright.reupload' } as const
      const decided = await ground.complaints.decide(by(lin, found), takedown)
      const appealed = await ground.complaints.appeal(by(program, decided), 'reported', '我有授权书')
      expect(await ground.textOf(appealed)).toContain('我有授权书')
      expect(appealed.deadlines.map(({ name }) => name)).toEqual(['review', 'end-measures'])
    })

    it('are refused when the time is over, and where there is nothing to object to', async () => {
      const decided = await ground.complaints.decide(by(lin, await ground.examined()), none)
      await expect(ground.complaints.appeal(by(program, decided), 'reported', '不服')).rejects.toThrow(
        /nothing to object to/,
      )
      ground.clock.advance(16 * 86_400_000)
      await expect(ground.complaints.appeal(by(mei, decided), 'reporter', '不服')).rejects.toThrow(
        /was over on/,
      )
      expect(await ground.deps.store.expire(ground.clock.now(), 100)).toContain(decided.id)
      expect(await ground.complaints.get(decided.id)).toMatchObject({
        state: 'final',
        timeline: expect.arrayContaining([
          expect.objectContaining({ change: 'expired', actor: 'system' }),
        ]) as unknown,
      })
    })
  })

  describe('actions', () => {
    it('are confirmed once, and asked for again when they failed', async () => {
      const decided = await ground.complaints.decide(by(lin, await ground.examined()), warn)
      const [action] = decided.actions
      if (action === undefined) throw new Error('no action')
      const report = (state: 'confirmed' | 'failed', more = {}) =>
        ground.complaints.report(by(program, decided), action.id, { state, ...more })
      const failed = await report('failed', { problem: '账号不存在' })
      expect(failed.actions).toMatchObject([{ state: 'failed', problem: '账号不存在' }])
      const again = await ground.complaints.repeat(by(mei, decided), action.id)
      expect(again.actions).toMatchObject([{ state: 'requested', requests: 2 }])
      expect(await ground.eventsOf('complaint.action', decided.id)).toMatchObject([
        { data: { attempt: 1 } },
        { data: { attempt: 2, actionId: action.id } },
      ])
      const confirmed = await report('confirmed', { reference: 'M-77' })
      expect(confirmed.actions).toMatchObject([{ state: 'confirmed', reference: 'M-77' }])
      expect((await report('confirmed')).version).toBe(confirmed.version)
      await expect(report('failed')).rejects.toMatchObject({ code: 'conflict' })
      await expect(ground.complaints.repeat(by(mei, decided), action.id)).rejects.toMatchObject({
        code: 'conflict',
      })
      const other = await ground.newCase()
      await expect(
        ground.complaints.report(by(program, other), action.id, { state: 'confirmed' }),
      ).rejects.toMatchObject({ code: 'not_found' })
    })
  })
}
