import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Agent, AgentDirectory, Role } from '../../src/core/agent.ts'
import type { SignInStores } from '../../src/core/sign-in.ts'
import { createAgentDirectory, createSealing, createSignInStores } from '../../src/store/index.ts'
import type { TestDatabase } from '../support/databases.ts'
import { openTicketWorld, type TicketWorld } from '../support/ticket-world.ts'

const now = new Date('2026-11-28T04:00:00Z')
const later = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000)
const hash = (): string => randomBytes(32).toString('hex')
const times = <Result>(count: number, work: (place: number) => Promise<Result>): Promise<Result[]> =>
  Promise.all(Array.from({ length: count }, (_, place) => work(place)))
const count = (answers: readonly unknown[]): number => answers.filter((answer) => answer === true).length

/** What every database must do for signing in. */
export const itKeepsSignIn = (open: () => Promise<TestDatabase>): void => {
  let test: TestDatabase
  let stores: SignInStores
  let directory: AgentDirectory
  let tickets: TicketWorld
  beforeAll(async () => {
    test = await open()
    stores = createSignInStores(test.database, createSealing(randomBytes(32)))
    directory = createAgentDirectory(test.database)
    tickets = await openTicketWorld(test)
    await directory.create({ name: '掌柜', email: 'boss@example.com', role: 'admin' })
  })
  afterAll(() => test.dispose())

  const hire = (role: Role = 'agent'): Promise<Agent> =>
    directory.create({ name: '陈晨', email: `${randomUUID()}@example.com`, role })
  const start = (agentId: string, id = hash()): Promise<void> =>
    stores.sessions.create({
      ...{ tokenHash: id, agentId, by: 'password', createdAt: now, expiresAt: later(60) },
      ...{ address: '203.0.113.7', userAgent: 'test' },
    })
  const sessionsOf = (agentId: string) =>
    stores.sessions.list(agentId, { now, usedAfter: new Date(now.getTime() - 1) })
  const enrol = async (agentId: string, codeHashes: readonly string[] = []): Promise<void> => {
    await stores.secondFactors.begin(agentId, 'SECRET', now)
    expect(
      await stores.secondFactors.confirm(agentId, { secret: 'SECRET', step: 100, codeHashes }, now),
    ).toBe(true)
  }

  describe('second factors', () => {
    it('count from their confirmation on, with the secret that was shown, and are begun once', async () => {
      const { id } = await hire()
      const { secondFactors } = stores
      expect(await secondFactors.find(id)).toBeUndefined()
      expect(await secondFactors.begin(id, 'FIRST', now)).toBe(true)
      expect(await secondFactors.begin(id, 'SECOND', now)).toBe(true)
      expect(await secondFactors.useStep(id, 7)).toBe(false)
      expect(await secondFactors.confirm(id, { secret: 'FIRST', step: 1, codeHashes: [] }, now)).toBe(false)
      expect(await secondFactors.confirm(id, { secret: 'SECOND', step: 1, codeHashes: [] }, now)).toBe(true)
      expect(await secondFactors.confirm(id, { secret: 'SECOND', step: 2, codeHashes: [] }, now)).toBe(false)
      expect(await secondFactors.begin(id, 'THIRD', now)).toBe(false)
      expect(await secondFactors.find(id)).toEqual({ secret: 'SECOND', confirmedAt: now })
      expect(JSON.stringify(await test.database.query('select * from second_factors'))).not.toContain(
        'SECOND',
      )
    })

    it('take the code of a half minute once, never an older one, however many ask at once', async () => {
      const { id } = await hire()
      await enrol(id)
      expect(await stores.secondFactors.useStep(id, 100)).toBe(false)
      expect(count(await times(10, () => stores.secondFactors.useStep(id, 101)))).toBe(1)
      expect(await stores.secondFactors.useStep(id, 99)).toBe(false)
      expect(await stores.secondFactors.useStep(id, 102)).toBe(true)
    })

    it('take each recovery code once, of its owner, until there are new ones', async () => {
      const [one, other] = [await hire(), await hire()]
      await enrol(one.id, ['a', 'b'])
      await enrol(other.id, ['c'])
      const { secondFactors } = stores
      expect(await secondFactors.useRecovery(other.id, 'a', now)).toBe(false)
      expect(count(await times(10, () => secondFactors.useRecovery(one.id, 'a', now)))).toBe(1)
      expect(await secondFactors.countRecovery(one.id)).toBe(1)
      await secondFactors.replaceRecovery(one.id, ['d'], now)
      expect(await secondFactors.useRecovery(one.id, 'b', now)).toBe(false)
      expect(await secondFactors.useRecovery(one.id, 'd', now)).toBe(true)
    })

    it('end all sessions when they come and when they go', async () => {
      const { id } = await hire()
      await start(id)
      await enrol(id, ['a'])
      expect(await sessionsOf(id)).toHaveLength(0)
      await start(id)
      expect(await stores.secondFactors.remove(id, 'reset')).toBe(true)
      expect(await sessionsOf(id)).toHaveLength(0)
      expect(await stores.secondFactors.countRecovery(id)).toBe(0)
      expect(await stores.secondFactors.remove(id, 'reset')).toBe(false)
    })
  })

  describe('first steps', () => {
    const challenge = async (agentId: string): Promise<string> => {
      const tokenHash = hash()
      await stores.challenges.create({
        ...{ tokenHash, agentId, method: 'provider', provider: 'staff', browser: 'b' },
        ...{ createdAt: now, expiresAt: later(5) },
      })
      return tokenHash
    }

    it('can be followed so many times, before their end, and are finished once', async () => {
      const { id } = await hire()
      const token = await challenge(id)
      const entered = await times(8, () => stores.challenges.enter(token, 5, now))
      expect(entered.filter((one) => one !== undefined)).toHaveLength(5)
      expect(entered).toContainEqual({ agentId: id, method: 'provider', provider: 'staff', browser: 'b' })
      expect(count(await times(5, () => stores.challenges.finish(token)))).toBe(1)
      expect(await stores.challenges.enter(await challenge(id), 5, later(5))).toBeUndefined()
    })

    it('end with the sessions', async () => {
      const { id } = await hire()
      const token = await challenge(id)
      await stores.sessions.revokeOthers(id)
      expect(await stores.challenges.enter(token, 5, now)).toBeUndefined()
    })
  })

  describe('people', () => {
    it('are not signed in while they are deactivated, whoever comes first', async () => {
      const { id, email } = await hire()
      await start(id)
      await Promise.allSettled([
        stores.staff.deactivate(id, now),
        ...Array.from({ length: 5 }, () => start(id)),
      ])
      expect(await sessionsOf(id)).toHaveLength(0)
      await expect(start(id)).rejects.toMatchObject({ code: 'forbidden' })
      expect(await stores.passwords.find(email)).toBeUndefined()
      expect(await directory.findByEmail(email)).toBeUndefined()
      await stores.staff.reactivate(id, later(1))
      await start(id)
      expect(await sessionsOf(id)).toHaveLength(1)
    })

    it('give back what they had, and nothing that is settled', async () => {
      const { id } = await hire()
      const [open, pending, solved] = [
        await tickets.newTicket(),
        await tickets.newTicket(),
        await tickets.newTicket(),
      ]
      await tickets.set(open, { assigneeId: id, state: 'open' })
      await tickets.set(pending, { assigneeId: id, state: 'pending' })
      await tickets.set(solved, { assigneeId: id, state: 'solved' })
      const { ticketIds, member } = await stores.staff.deactivate(id, later(1))
      expect([...ticketIds].sort()).toEqual([open.id, pending.id].sort())
      expect(member.deactivatedAt).toEqual(later(1))
      expect((await tickets.store.get(open.id)).assigneeId).toBeUndefined()
      expect((await tickets.store.get(solved.id)).assigneeId).toBe(id)
      expect(await tickets.changesOf(open)).toContainEqual(
        expect.objectContaining({
          change: 'unassigned',
          detail: expect.objectContaining({ rule: 'agent-deactivated' }),
        }),
      )
      expect((await stores.staff.deactivate(id, later(2))).ticketIds).toEqual([])
    })

    it('keep one administrator at least, however many leave at once', async () => {
      const admins = await times(4, () => hire('admin'))
      const all = (await directory.list()).filter(({ role }) => role === 'admin')
      expect(all.length).toBeGreaterThan(admins.length)
      await Promise.allSettled(
        all.map(({ id }, place) =>
          place % 2 === 0
            ? stores.staff.deactivate(id, now)
            : stores.staff.change(id, { role: 'agent' }, now),
        ),
      )
      const left = (await directory.list()).filter(({ role }) => role === 'admin')
      expect(left).toHaveLength(1)
      await expect(directory.setRole(left[0]?.id ?? '', 'agent')).rejects.toMatchObject({ code: 'conflict' })
    })

    it('refuse a change of what has moved on', async () => {
      const { id } = await hire()
      await stores.staff.change(id, { name: '甲', expectedVersion: 1 }, now)
      await expect(stores.staff.change(id, { name: '乙', expectedVersion: 1 }, now)).rejects.toMatchObject({
        code: 'conflict',
        facts: { current: 2, yours: 1 },
      })
      await expect(stores.staff.get('nobody')).rejects.toMatchObject({ code: 'not_found' })
    })
  })

  describe('invitations', () => {
    const invite = (email: string, tokenHash = hash(), more: { readonly idempotencyKey?: string } = {}) =>
      stores.invitations.create({
        ...{ email, role: 'agent', teamIds: [], invitedBy: 'test', tokenHash, createdAt: now },
        ...{ expiresAt: later(60), ...more },
      })

    it('are accepted by the first of many', async () => {
      const token = hash()
      const { id } = await invite('Many@Example.com', token)
      const accepted = await times(10, () =>
        stores.invitations.accept(token, { name: '陈晨', passwordHash: 'x' }, now),
      )
      const agents = accepted.filter((agent) => agent !== undefined)
      expect(agents).toHaveLength(1)
      expect(await stores.invitations.get(id)).toMatchObject({ acceptedAt: now, agentId: agents[0]?.id })
      expect(await directory.findByEmail('many@example.com')).toEqual(agents[0])
    })

    it('are one for an address, also when many are made at once', async () => {
      const made = await Promise.allSettled(Array.from({ length: 5 }, () => invite('once@example.com')))
      expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const one of made)
        if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'conflict' })
    })

    it('are the same for the same key, with the newer link', async () => {
      const [first, second] = [hash(), hash()]
      const key = { idempotencyKey: randomUUID() }
      const one = await invite('key@example.com', first, key)
      expect((await invite('key@example.com', second, key)).id).toBe(one.id)
      expect(await stores.invitations.find(first, now)).toBeUndefined()
      expect(await stores.invitations.find(second, now)).toMatchObject({ id: one.id })
    })

    it('lead nowhere after their end', async () => {
      const token = hash()
      await invite('over@example.com', token)
      expect(await stores.invitations.find(token, later(60))).toBeUndefined()
      expect(await stores.invitations.accept(token, { name: '陈晨' }, later(60))).toBeUndefined()
    })
  })

  describe('accounts at providers', () => {
    const account = () => ({ issuer: 'https://login.example.com', subject: randomUUID() })

    it('are somebody’s once, and one a person', async () => {
      const [one, other] = [await hire(), await hire()]
      const first = account()
      expect(count(await times(5, () => stores.identities.link(one.id, first, now)))).toBe(1)
      expect(await stores.identities.link(other.id, first, now)).toBe(false)
      expect(await stores.identities.link(one.id, account(), now)).toBe(false)
      expect(await stores.identities.use(first, now)).toEqual({ agentId: one.id, deactivated: false })
      await stores.staff.deactivate(one.id, now)
      expect(await stores.identities.use(first, now)).toEqual({ agentId: one.id, deactivated: true })
    })

    it('make one person, however many first sign-ins come at once', async () => {
      const wanted = { name: '新来', email: `${randomUUID()}@example.com`, role: 'agent' } as const
      const first = account()
      const made = await Promise.allSettled(
        Array.from({ length: 5 }, () => stores.identities.create(wanted, first, now)),
      )
      expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    })

    it('leave once, with what they took along', async () => {
      const attempt = { provider: 'staff', nonce: 'n', verifier: 'v-e-r-i-f-i-e-r', browserHash: 'b' }
      const stateHash = hash()
      await stores.attempts.create({ ...attempt, stateHash, createdAt: now, expiresAt: later(10) })
      expect(JSON.stringify(await test.database.query('select * from provider_attempts'))).not.toContain(
        attempt.verifier,
      )
      const taken = await times(5, () => stores.attempts.take(stateHash, now))
      expect(taken.filter((one) => one !== undefined)).toEqual([attempt])
      const late = hash()
      await stores.attempts.create({ ...attempt, stateHash: late, createdAt: now, expiresAt: later(10) })
      expect(await stores.attempts.take(late, later(10))).toBeUndefined()
    })
  })
}
