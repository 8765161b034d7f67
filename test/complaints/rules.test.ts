import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { complaintsConfig } from '../../src/complaints/index.ts'
import { deadlinesOf, reviewDeadlines } from '../../src/complaints/deadlines.ts'
import { checkEvidence } from '../../src/complaints/evidence.ts'
import { leakIn } from '../../src/complaints/leaks.ts'
import { noticeToReported } from '../../src/complaints/notices.ts'
import { findReason, loadPolicy } from '../../src/complaints/policy.ts'
import { movesFrom, moveTo, verdictRules } from '../../src/core/case-lifecycle.ts'
import { actionKinds, caseStates, complaintKinds, verdicts } from '../../src/core/complaint.ts'

const now = new Date('2026-11-27T04:00:00Z')
const shipped = async () => {
  const { policy, faults } = await loadPolicy('knowledge/complaints')
  expect(faults).toEqual([])
  if (policy === undefined) throw new Error('no policy')
  return policy
}

describe('the lifecycle', () => {
  it('ends in final and withdrawn', () => {
    expect(caseStates.filter((state) => movesFrom(state, 1).length === 0)).toEqual(['final', 'withdrawn'])
  })

  it('makes a review final, and lets nobody withdraw what was decided once', () => {
    expect(moveTo('examining', 1, 'decide')).toBe('decided')
    expect(moveTo('examining', 2, 'decide')).toBe('final')
    expect(moveTo('proposed', 2, 'approve')).toBe('final')
    expect(moveTo('examining', 1, 'withdraw')).toBe('withdrawn')
    expect(moveTo('examining', 2, 'withdraw')).toBeUndefined()
  })
})

describe('deadlines', () => {
  const policy = complaintsConfig.parse({})
  const soonest = (kind: (typeof complaintKinds)[number]): number =>
    Math.min(...deadlinesOf(kind, now, policy).map(({ dueAt }) => dueAt.getTime()))

  it('are soonest for minors and illegal content', () => {
    for (const kind of complaintKinds.filter((one) => one !== 'minors' && one !== 'illegal-content'))
      for (const urgent of ['minors', 'illegal-content'] as const)
        expect(soonest(urgent), kind).toBeLessThan(soonest(kind))
  })

  it('name the rule of law they come from', () => {
    const [own, lawful] = deadlinesOf('copyright', now, policy)
    expect([own?.name, own?.source]).toEqual(['decide', undefined])
    expect(lawful?.source).toContain('第1195条')
    const review = reviewDeadlines('copyright', now, { policy, counterNotice: true })
    expect(review.map(({ name }) => name)).toEqual(['review', 'end-measures'])
    expect(review[1]?.source).toContain('第1196条')
  })
})

describe('the list of reasons', () => {
  it('has one for every kind and for every verdict that can be given on it', async () => {
    const { reasons } = await shipped()
    for (const kind of complaintKinds)
      for (const verdict of ['takedown', 'no-violation', 'need-more-evidence'] as const)
        expect(
          reasons.some((one) => one.kinds.includes(kind) && one.verdicts.includes(verdict)),
          `${kind} ${verdict}`,
        ).toBe(true)
  })

  it('refuses a reason that is unknown or does not fit, and names those that do', async () => {
    const policy = await shipped()
    const fits = { kind: 'copyright', verdict: 'takedown' } as const
    expect(findReason(policy, 'copyright.reupload', fits).code).toBe('copyright.reupload')
    expect(() => findReason(policy, 'fraud.scam', fits)).toThrow(
      /no reason for takedown on a complaint of kind copyright; choose copyright\.reupload/,
    )
    expect(() => findReason(policy, 'nothing.known', fits)).toThrow(/not on the policy list/)
  })

  it('is missed when it is not there', async () => {
    const { policy, faults } = await loadPolicy('knowledge/forms')
    expect([policy, faults.length]).toEqual([undefined, 1])
  })
})

describe('evidence', () => {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  it('is what its content is', async () => {
    expect(await checkEvidence(png, 'proof.PNG')).toBe('image/png')
    expect(await checkEvidence(png, undefined)).toBe('image/png')
    expect(await checkEvidence(png, '截图')).toBe('image/png')
    expect(await checkEvidence(Buffer.from('2026-11-27 他说……\n'), 'chat.txt')).toBe('text/plain')
  })

  it('is refused when its name says something else, naming both', async () => {
    await expect(checkEvidence(png, 'contract.pdf')).rejects.toMatchObject({
      code: 'bad_input',
      message: expect.stringMatching(/contract\.pdf.* says \.pdf.*image\/png/) as string,
    })
    await expect(checkEvidence(Buffer.from('hello'), 'photo.jpg')).rejects.toThrow(/text\/plain/)
  })

  it('is refused when it proves nothing', async () => {
    const program = Buffer.concat([Buffer.from('7f454c46', 'hex'), Buffer.alloc(200)])
    for (const bytes of [program, Buffer.from([0, 1, 2, 3]), Buffer.alloc(0)])
      await expect(checkEvidence(bytes, 'x.png')).rejects.toMatchObject({ code: 'bad_input' })
  })
})

describe('words for the reported user', () => {
  const traces = {
    names: ['阿白', 'Li Ran'],
    addresses: ['oUser0001', 'li@example.com'],
    texts: ['他把我的视频整个搬到自己的账号里，我的电话是 13800138000', '谢谢您'],
  }
  it.each([
    ['是阿 白投诉的', 'the name'],
    ['reported by LIRAN', 'the name'],
    ['from li@example.com', 'an address'],
    ['“整个搬到自己的账号里”', 'the words'],
    ['电话 138-0013-8000', 'the words'],
  ])('%s holds %s', (words, what) => {
    expect(leakIn(words, traces)).toBe(what)
  })

  it('may say what anybody could', () => {
    expect(leakIn('请在七天内改正，感谢配合。', traces)).toBeUndefined()
  })

  it('made by us never hold anything of the reporter', async () => {
    const { reasons } = await shipped()
    const kinds = actionKinds
    const secret = fc.string({ minLength: 12, maxLength: 40, unit: 'grapheme' })
    fc.assert(
      fc.property(
        ...([secret, secret, secret] as const),
        fc.constantFrom(...reasons),
        fc.constantFrom(...kinds),
        (name, address, text, reason, kind) => {
          // A whole case, with the reporter in every field that could carry them: what is not read cannot leak.
          const facts = {
            objects: [{ kind: 'user', id: '42', key: 'user:42' }],
            decision: { verdict: 'takedown', hours: 24, note: text },
            reason,
            appealUntil: now,
            contactName: name,
            contactKey: address,
            summary: text,
            statement: text,
          } as const
          const { zh, en } = noticeToReported(kind, facts)
          return [name, address, text].every((one) => !zh.includes(one) && !en.includes(one))
        },
      ),
    )
  })

  it('catch any piece of eight characters of what was written', () => {
    const letters = fc.string({
      unit: fc.constantFrom(...Array.from('天地玄黄宇宙洪荒日月盈昃辰宿列张')),
      minLength: 8,
      maxLength: 60,
    })
    fc.assert(
      fc.property(letters, fc.nat(), fc.string({ maxLength: 20 }), (text, at, around) => {
        const start = at % (text.length - 7)
        const words = `${around}${text.slice(start, start + 8)}${around}`
        return leakIn(words, { names: [], addresses: [], texts: [text] }) === 'the words'
      }),
    )
  })
})

describe('verdicts', () => {
  it('need two persons for every ban', () => {
    expect(verdicts.filter((verdict) => verdictRules[verdict].twoPersons)).toEqual([
      'ban-temporary',
      'ban-permanent',
    ])
  })
})
