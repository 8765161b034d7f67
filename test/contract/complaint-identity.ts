import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createIdentityMail, createIdentityWatch, type CodeMail } from '../../src/complaints/index.ts'
import type { ComplaintCase } from '../../src/core/complaint.ts'
import { ChannelError, type ChannelErrorCode } from '../../src/core/errors.ts'
import { silentLog } from '../../src/core/log.ts'
import { by, lin, mei, openComplaintWorld, rui } from '../support/complaint-world.ts'
import type { TestDatabase } from '../support/databases.ts'

const minuteMs = 60_000
const takedown = { verdict: 'takedown', reason: 'copyright.reupload' } as const
const rights = { capacity: 'owner', statement: '本人声明以上属实' } as const

/** What every database must do for one-time codes. */
export const itChecksIdentities = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let ground: Awaited<ReturnType<typeof openComplaintWorld>>
  beforeAll(async () => {
    test = await open()
    ground = await openComplaintWorld(test)
  })
  afterAll(() => test.dispose())

  /** A case whose reporter writes, with the post that carries codes. */
  const newReporter = async (over: { address?: string } = {}) => {
    const contact = ground.world.newContact()
    const ticket = await ground.newTicket({ contact })
    const address = over.address ?? `${contact.toLowerCase()}@163.com`
    const post: CodeMail[] = []
    let refusal: ChannelErrorCode | undefined
    const sendMail = createIdentityMail({
      deps: ground.deps,
      deliver: (mail) => {
        if (refusal !== undefined) return Promise.reject(new ChannelError('email', refusal, 'send: 550'))
        post.push(mail)
        return Promise.resolve()
      },
    })
    const watch = createIdentityWatch({ deps: ground.deps, send: (id) => sendMail(id, 1), log: silentLog })
    const opened = await ground.newCase({ ticketId: ticket.id, kind: 'copyright', rights })
    const found = await ground.complaints.examine(by(mei, opened))
    const current = (): Promise<ComplaintCase> => ground.complaints.get(found.id)
    return {
      ...{ address, post, watch, current, caseId: found.id },
      refuse: (code: ChannelErrorCode | undefined) => (refusal = code),
      /** As a job that runs once more. */
      sends: async () => {
        const check = await ground.deps.identity.checks.openOf(found.id)
        await sendMail(check?.id ?? '', 2)
      },
      /** Sends a code, and gives it. */
      asks: async (): Promise<string> => {
        await ground.complaints.askIdentity(by(mei, found), address)
        await watch()
        return /\d{6}/.exec(post.at(-1)?.text ?? '')?.[0] ?? ''
      },
      says: async (text: string): Promise<ComplaintCase> => {
        await ground.world.turn(contact, () => ({}), text)
        await watch()
        return current()
      },
      /** Whether the turn over what is written knows that a code is awaited. */
      isAwaited: async (text: string) =>
        (await ground.world.turn(contact, () => ({}), text)).awaitsCode ?? false,
      told: async (): Promise<string> => ground.textOf(await current()),
      changes: async () => (await current()).timeline.map(({ change }) => change),
    }
  }
  const wrong = (code: string): string => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

  describe('a one-time code', () => {
    it('goes to the address, is answered in the conversation, and opens the way to a decision', async () => {
      const reporter = await newReporter({ address: ' Zhang.San@163.com ' })
      const decide = async () => ground.complaints.decide(by(lin, await reporter.current()), takedown)
      await expect(decide()).rejects.toThrow(/shown who they are/)
      const code = await reporter.asks()
      expect(reporter.post).toMatchObject([{ to: 'zhang.san@163.com' }])
      expect(await reporter.told()).toMatch(/z\*\*\*@163\.com.*30 分钟/)
      expect(await reporter.told()).not.toContain('hang.san')
      await expect(decide()).rejects.toThrow(/shown who they are/)
      const verified = await reporter.says(`验证码是 ${code.slice(0, 3)} ${code.slice(3)}`)
      expect(verified.identity).toMatchObject({ state: 'verified', address: 'zhang.san@163.com' })
      expect(await reporter.told()).toContain('身份核实完成')
      expect((await decide()).state).toBe('decided')
      expect(JSON.stringify(verified.timeline)).not.toContain(code)
    })

    it('is known to turns as long as it is awaited', async () => {
      const reporter = await newReporter()
      expect(await reporter.isAwaited('在吗')).toBe(false)
      const code = await reporter.asks()
      expect(await reporter.isAwaited('在吗')).toBe(true)
      await reporter.says(code)
      expect(await reporter.isAwaited('在吗')).toBe(false)
    })

    it('counts once, whatever is said around it and however often is looked', async () => {
      const reporter = await newReporter()
      await reporter.says('654321')
      const code = await reporter.asks()
      await reporter.sends()
      expect(reporter.post).toHaveLength(1)
      await reporter.says('我的订单号是 12345678，请看')
      await reporter.says('好的，稍等')
      expect(await reporter.changes()).toEqual(['opened', 'examined', 'identity-asked'])
      await reporter.says(code)
      await Promise.all([reporter.watch(), reporter.watch()])
      await reporter.says(code)
      expect(await reporter.changes()).toEqual(['opened', 'examined', 'identity-asked', 'identity-verified'])
    })

    it('is wrong five times at most; a new one can be asked for in words', async () => {
      const reporter = await newReporter()
      const code = await reporter.asks()
      const [first] = [await reporter.says(wrong(code))]
      expect(first.identity?.state).toBe('asked')
      expect(await reporter.told()).toContain('还可以再试 4 次')
      for (let tries = 0; tries < 3; tries += 1) await reporter.says(wrong(code))
      expect((await reporter.says(wrong(code))).identity?.state).toBe('failed')
      expect((await reporter.says(code)).identity?.state).toBe('failed')
      ground.clock.advance(2 * minuteMs)
      expect((await reporter.says('重发验证码')).identity?.state).toBe('asked')
      await reporter.watch()
      expect(reporter.post).toHaveLength(2)
      const fresh = /\d{6}/.exec(reporter.post[1]?.text ?? '')?.[0] ?? ''
      expect((await reporter.says(fresh)).identity?.state).toBe('verified')
    })

    it('is over after its time, and says so to whoever comes late', async () => {
      const reporter = await newReporter()
      const code = await reporter.asks()
      ground.clock.advance(31 * minuteMs)
      expect((await reporter.says(code)).identity?.state).toBe('expired')
      expect(await reporter.told()).toContain('已经过期')
      const silent = await newReporter()
      await silent.asks()
      ground.clock.advance(100 * minuteMs)
      await silent.watch()
      expect((await silent.current()).identity?.state).toBe('expired')
      expect(await silent.told()).not.toContain('已经过期')
    })

    it('gives way to a newer one', async () => {
      const reporter = await newReporter()
      const old = await reporter.asks()
      ground.clock.advance(2 * minuteMs)
      const fresh = await reporter.asks()
      expect(fresh).not.toBe(old)
      expect((await reporter.says(old)).identity?.state).toBe('asked')
      expect((await reporter.says(fresh)).identity?.state).toBe('verified')
    })

    it('is sent once a minute and five times a day at most', async () => {
      const reporter = await newReporter()
      await reporter.asks()
      await expect(reporter.asks()).rejects.toThrow(/within the last minute/)
      await reporter.says('没收到验证码')
      expect(reporter.post).toHaveLength(1)
      for (let more = 0; more < 4; more += 1) {
        ground.clock.advance(2 * minuteMs)
        await reporter.says('还是没收到')
        await reporter.watch()
      }
      expect(reporter.post).toHaveLength(5)
      ground.clock.advance(2 * minuteMs)
      await reporter.says('没收到')
      expect(await reporter.told()).toContain('今天的验证码已经发完')
      await expect(reporter.asks()).rejects.toThrow(/no more than 5 codes/)
    })

    it('is tried again while mail is away, and given up for an address that is not there', async () => {
      const reporter = await newReporter()
      reporter.refuse('temporary')
      await ground.complaints.askIdentity(by(mei, await reporter.current()), reporter.address)
      await reporter.watch()
      expect((await reporter.current()).identity?.state).toBe('asked')
      reporter.refuse(undefined)
      await reporter.watch()
      expect(reporter.post).toHaveLength(1)
      const gone = await newReporter()
      gone.refuse('permanent')
      await ground.complaints.askIdentity(by(mei, await gone.current()), gone.address)
      await gone.watch()
      expect((await gone.current()).identity?.state).toBe('failed')
      expect(await gone.told()).toContain('没能发到')
    })

    it('can be told to a person, and be waived with a reason', async () => {
      const phoned = await newReporter()
      const code = await phoned.asks()
      const request = async () => by(mei, await phoned.current())
      await ground.complaints.confirmIdentity(await request(), wrong(code))
      expect((await phoned.current()).identity?.state).toBe('asked')
      expect((await ground.complaints.confirmIdentity(await request(), code)).identity?.state).toBe(
        'verified',
      )
      await expect(ground.complaints.confirmIdentity(await request(), code)).rejects.toThrow(
        /no code is awaited/,
      )
      await expect(ground.complaints.askIdentity(await request(), phoned.address)).rejects.toThrow(/already/)

      const known = await newReporter()
      const late = await known.asks()
      const waive = async (why: string) =>
        ground.complaints.waiveIdentity(by(rui, await known.current()), why)
      await expect(waive('  ')).rejects.toMatchObject({ code: 'bad_input' })
      expect((await waive('营业执照与登记证书一致')).identity?.state).toBe('waived')
      expect((await known.says(late)).identity?.state).toBe('waived')
      const decided = await ground.complaints.decide(by(lin, await known.current()), takedown)
      expect(decided.state).toBe('decided')
    })

    it('is not sent to what is no address, for a case that is over, or where no mail can leave', async () => {
      const reporter = await newReporter()
      const request = by(mei, await reporter.current())
      await expect(ground.complaints.askIdentity(request, 'zhang')).rejects.toMatchObject({
        code: 'bad_input',
      })
      await ground.complaints.withdraw(request, '不投诉了')
      await expect(reporter.asks()).rejects.toThrow(/withdrawn/)
    })
  })
}
