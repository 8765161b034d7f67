import { expect } from 'vitest'
import { meet, serve, textOf, type Contact, type Served } from './contact.ts'
import { cache } from './questions.ts'
import type { Stage } from './stage.ts'

const hourMs = 3_600_000

const first = '第一句：已经在看了'
const second = '第二句：马上就好'

/** Somebody a person serves; what the person says goes by the provider's API. */
const atDesk = async (stage: Stage): Promise<{ contact: Contact; served: Served }> => {
  const contact = await meet(stage)
  const served = await serve(stage, contact)
  return { contact, served }
}

/** The same, and something was said already: there is a token, and the way is known. */
const atDeskBefore = async (stage: Stage): Promise<{ contact: Contact; served: Served }> => {
  const guest = await atDesk(stage)
  await guest.served.replies('请稍等')
  await guest.contact.hears(/请稍等/)
  return guest
}

/** Counts the sends to the contact that reach the provider from now on. */
const attempts = ({ client }: Stage, { key }: Contact) => {
  const known = new Set(client.exchanges(key).map(({ id }) => id))
  return () =>
    client.exchanges(key).filter(({ kind, id, title, request }) => {
      const isAbout = decodeURIComponent(title).includes(key) || request.includes(key)
      return kind === 'api' && !known.has(id) && isAbout && !/typing|sendChatAction/i.test(title + request)
    }).length
}

const inOrder = (contact: Contact): readonly string[] =>
  contact.heard().flatMap((words) => [first, second].filter((text) => words.includes(text)))

/** A case that was begun: what is left of it, once the product's patience may have ended. */
export type Finish = () => Promise<void>

/** The provider refuses: nothing reached it, so everything arrives once. A failure of its own may be marked all the same. */
const refusing =
  (fault: 'api-500' | 'api-429') =>
  async (stage: Stage): Promise<Finish> => {
    const { contact, served } = await atDeskBefore(stage)
    const tried = attempts(stage, contact)
    stage.client.setFault(fault, true)
    await served.replies(first)
    await served.replies(second)
    await expect.poll(tried).toBeGreaterThan(0)
    expect(inOrder(contact)).toEqual([])
    stage.client.setFault(fault, false)
    return async () => {
      if (fault === 'api-429') await stage.hooks.resume?.(await stage.product.agent())
      await contact.hears(/第二句/, fault === 'api-429' ? 30_000 : 60_000)
      expect(inOrder(contact)).toEqual([first, second])
      const repeated = (await served.fares(first, 'sent')).delivery?.repeated
      if (fault === 'api-429') expect(repeated).toBe(false)
      expect((await served.fares(second, 'sent')).delivery?.repeated).toBe(false)
    }
  }

export const api500 = refusing('api-500')
const beginApi429 = refusing('api-429')
/** Whoever wants patience wants it of the whole inbox: nothing else goes meanwhile. */
export const api429 = async (stage: Stage): Promise<void> => (await beginApi429(stage))()

/** Seen once where the platform knows a repeat by its id; else perhaps twice, and then marked so. */
const isMarked = async (
  { hooks }: Stage,
  contact: Contact,
  served: Served,
  seen: 'once' | 'perhaps-twice',
): Promise<void> => {
  await contact.hears(/第二句/, 90_000)
  const { delivery } = await served.fares(first, 'sent')
  expect(delivery?.attempts).toBeGreaterThan(1)
  const shown = inOrder(contact)
  expect(shown.at(-1)).toBe(second)
  const copies = shown.filter((text) => text === first).length
  if (seen === 'once' || hooks.repeatsAreUnseen) expect(copies).toBe(1)
  else expect(copies).toBe(delivery?.attempts)
  if (!hooks.repeatsAreUnseen) expect(delivery?.repeated).toBe(true)
}

export const apiHang = async (stage: Stage): Promise<Finish> => {
  const { contact, served } = await atDeskBefore(stage)
  const tried = attempts(stage, contact)
  stage.client.setFault('api-hang', true)
  await served.replies(first)
  await served.replies(second)
  await expect.poll(tried).toBeGreaterThan(0)
  stage.client.setFault('api-hang', false)
  return () => isMarked(stage, contact, served, 'once')
}

export const halfAnswer = async (stage: Stage): Promise<void> => {
  const { contact, served } = await atDeskBefore(stage)
  stage.client.setFault('api-half-answer', true)
  await served.replies(first)
  await served.replies(second)
  await expect.poll(() => inOrder(contact)).toEqual([first])
  stage.client.setFault('api-half-answer', false)
  await isMarked(stage, contact, served, 'perhaps-twice')
}

const crowd = 6

export const tokenExpiry = async (stage: Stage): Promise<void> => {
  const { token } = stage.hooks
  if (token === undefined) throw new Error('the stage has no token')
  // One send beforehand, so that there is a token to end.
  const guests = [await atDeskBefore(stage)]
  while (guests.length < crowd) guests.push(await atDesk(stage))
  token.expire()
  const before = token.issued()
  await Promise.all(guests.map(({ served }) => served.replies(first)))
  await Promise.all(guests.map(({ contact }) => contact.hears(/第一句/)))
  expect(token.issued() - before).toBe(1)
  expect(guests.map(({ contact }) => contact.count(/第一句/))).toEqual(guests.map(() => 1))
}

/** The message waits, the desk says why, and it goes out once the contact has written. */
const waitsFor = async (
  code: string,
  { contact, served }: { contact: Contact; served: Served },
  reopen: () => void,
): Promise<void> => {
  const text = '还在吗'
  const before = contact.heard().length
  await served.replies(text)
  expect((await served.fares(text, 'waiting')).delivery?.error).toMatchObject({ code })
  expect(contact.heard()).toHaveLength(before)
  reopen()
  contact.says('我在')
  await contact.hears(/还在吗/)
  expect(contact.count(/还在吗/)).toBe(1)
  expect((await served.fares(text, 'sent')).delivery).toMatchObject({ repeated: false })
}

/** Two days and a bit; somebody is at the desk all the time, so that the session lives. */
const daysPass = async ({ product }: Stage): Promise<void> => {
  for (let hours = 0; hours < 49; hours += 7) {
    product.clock.advance(7 * hourMs)
    await (await product.agent()).get('/tickets?view=all')
  }
}

export const window = async (stage: Stage): Promise<void> => {
  const guest = await atDesk(stage)
  const byWord = stage.hooks.window === 'word'
  if (byWord) stage.client.setFault('window-closed', true)
  else await daysPass(stage)
  await waitsFor('window_closed', guest, () => {
    if (byWord) stage.client.setFault('window-closed', false)
  })
}

/** Says something until the allowance is used up; what rode on a request may have cost nothing. */
const useUp = async ({ served }: { served: Served }, room: number): Promise<void> => {
  for (let sent = 1; sent <= room; sent += 1) {
    const text = `第${String(sent)}条`
    await served.replies(text)
    const status = async () =>
      (await served.messages()).findLast((message) => textOf(message) === text)?.delivery?.status
    await expect.poll(status).toMatch(/^(?:sent|waiting)$/)
    if ((await status()) === 'waiting') return
  }
}

export const quota = async (stage: Stage): Promise<void> => {
  const guest = await atDesk(stage)
  const { quota: room } = stage.hooks
  const byWord = room === 'word'
  if (byWord) stage.client.setFault('quota-used-up', true)
  else await useUp(guest, room ?? 0)
  await waitsFor('quota_exhausted', guest, () => {
    if (byWord) stage.client.setFault('quota-used-up', false)
  })
}

/** Our answer to a push is lost: it comes again. */
const lostPushAnswer = async (stage: Stage): Promise<Finish> => {
  const { wire, hooks } = stage
  const contact = await meet(stage)
  if (hooks.loseAnswer === undefined) wire.loseAnswers = 1
  else hooks.loseAnswer(contact.key)
  contact.says(cache.text)
  await contact.hears(cache.answer)
  await contact.isThrough()
  // It was lost: the answer on the screen is not the first that we gave.
  if (hooks.loseAnswer === undefined) expect(wire.loseAnswers).toBe(0)
  const shown = contact.count(cache.answer)
  const served = await serve(stage, contact)
  const asked = (await served.messages()).filter((message) => textOf(message).includes(cache.text))
  expect([shown, asked.length]).toEqual([1, 1])
  return () => Promise.resolve()
}

/** The provider's answer to a send is lost: it is sent again, and seen once. */
const lostSendAnswer = async (stage: Stage): Promise<Finish> => {
  const { client } = stage
  const { contact, served } = await atDesk(stage)
  client.setFault('lost-answer', true)
  await served.replies(first)
  await contact.hears(/第一句/)
  client.setFault('lost-answer', false)
  await served.replies(second)
  return async () => {
    await contact.hears(/第二句/, 60_000)
    expect(inOrder(contact)).toEqual([first, second])
    expect((await served.fares(first, 'sent')).delivery?.attempts).toBeGreaterThan(1)
  }
}

export const lostAnswer = (stage: Stage): Promise<Finish> =>
  stage.hooks.losesAnswersOf === 'push' ? lostPushAnswer(stage) : lostSendAnswer(stage)

/** What was being sent arrived once, or the desk says that it may be a repeat. */
const isOnceOrMarked = async ({ contact, served }: { contact: Contact; served: Served }): Promise<void> => {
  await contact.hears(/第一句/, 60_000)
  const { delivery } = await served.fares(first, 'sent')
  if (delivery?.repeated !== true) expect(inOrder(contact)).toEqual([first])
}

export const lostConnection = async (stage: Stage): Promise<void> => {
  const { client, wire, hooks } = stage
  const contact = await meet(stage)
  const breaks = hooks.breakConnection ?? ((broken: boolean) => void (wire.cuts = broken ? 1 : 0))
  const answered = hooks.breaksSends === true ? await atDeskBefore(stage) : undefined
  await answered?.served.replies(first)
  await breaks(true)
  contact.says(cache.text)
  const feels = hooks.feelsBreak ?? ((userKey: string) => client.exchanges(userKey).length > 0)
  await expect.poll(() => feels(contact.key)).toBe(true)
  await breaks(false)
  await contact.hears(cache.answer, 30_000)
  await serve(stage, contact)
  expect(contact.count(cache.answer)).toBe(1)
  if (answered !== undefined) await isOnceOrMarked(answered)
}

export const unfollow = async (stage: Stage): Promise<void> => {
  const { contact, served } = await atDesk(stage)
  const before = contact.heard().length
  contact.does({ kind: 'unfollow' })
  const told = async () => JSON.stringify((await served.messages()).at(-1)?.parts)
  await expect.poll(told).toContain('unsubscribed')
  await served.replies('还在吗')
  const fared = async () => (await served.messages()).findLast((message) => textOf(message) === '还在吗')
  await expect.poll(async () => (await fared())?.delivery?.status).toMatch(/^(?:waiting|failed)$/)
  expect(contact.heard()).toHaveLength(before)
}
