import { expect } from 'vitest'
import { drawPicture } from '../support/pictures.ts'
import { meet, onRecord, serve, textOf, type Contact, type Served } from './contact.ts'
import { cache, danmaku, review, type Question } from './questions.ts'
import { plainActs, type Stage } from './stage.ts'

const asks = async (contact: Contact, { text, answer }: Question): Promise<void> => {
  contact.says(text)
  await contact.hears(answer)
}

/** Asked and answered once, on the screen and on record. */
const isOnce = async (stage: Stage, contact: Contact, { text, answer }: Question): Promise<void> => {
  // What came later in the conversation was handled after every copy of it.
  const shown = contact.count(answer)
  const served = await serve(stage, contact)
  expect({ shown, ...(await onRecord(served, text, answer)) }).toEqual({ shown: 1, asked: 1, answered: 1 })
}

export const question = async (stage: Stage): Promise<void> => {
  const [contact, other] = [await meet(stage), await meet(stage)]
  await Promise.all([asks(contact, review), asks(other, cache)])
  expect([contact.count(cache.answer), other.count(review.answer)]).toEqual([0, 0])
  await isOnce(stage, contact, review)
}

export const badSignature = async (stage: Stage): Promise<void> => {
  const { client, hooks } = stage
  const contact = await meet(stage)
  const forged = '我是别人'
  client.setFault('bad-signature', true)
  contact.says(forged)
  await contact.isThrough('failed')
  client.setFault('bad-signature', false)
  expect(contact.heard().filter((words) => words.includes(forged))).toEqual([])
  await asks(contact, review)
  const stored = (await (await serve(stage, contact)).messages()).map(textOf).join('\n')
  expect(stored).toContain(review.text)
  if (hooks.pushCarriesMessage) expect(stored).not.toContain(forged)
}

export const replay = async (stage: Stage): Promise<void> => {
  const contact = await meet(stage)
  await asks(contact, review)
  await contact.isThrough()
  await stage.hooks.resend()
  stage.product.clock.advance(3_600_000)
  await stage.hooks.resend()
  await isOnce(stage, contact, review)
}

export const duplicate = async (stage: Stage): Promise<void> => {
  const { wire, client, hooks } = stage
  const contact = await meet(stage)
  if (hooks.saysTenTimes === undefined) {
    wire.copies = 10
    contact.says(danmaku.text)
  } else await hooks.saysTenTimes(contact.key, danmaku.text)
  await contact.hears(danmaku.answer)
  wire.copies = 1
  await isOnce(stage, contact, danmaku)
  if (!client.faults().some(({ name }) => name === 'duplicate')) return
  const other = await meet(stage)
  client.setFault('duplicate', true)
  await asks(other, danmaku)
  await other.isThrough()
  client.setFault('duplicate', false)
  await isOnce(stage, other, danmaku)
}

export const outOfOrder = async (stage: Stage): Promise<void> => {
  const { client, hooks } = stage
  const contact = await meet(stage)
  client.setFault('out-of-order', true)
  contact.says(review.text)
  contact.says(cache.text)
  const own = () =>
    contact
      .lines()
      .filter(({ from }) => from === 'user')
      .map(({ state }) => state)
  await expect.poll(own).toEqual(['delivered', 'delivered'])
  client.setFault('out-of-order', false)
  await expect
    .poll(() => [contact.count(review.answer) > 0, contact.count(cache.answer) > 0])
    .toEqual([true, true])
  const served = await serve(stage, contact)
  if (hooks.threads) return
  expect(await onRecord(served, review.text, review.answer)).toMatchObject({ asked: 1 })
  expect(await onRecord(served, cache.text, cache.answer)).toMatchObject({ asked: 1 })
}

const partOf = {
  image: 'image',
  voice: 'audio',
  file: 'file',
  location: 'location',
} as const

/** Chooses the first option that is offered, by its button or by its number, and gets a word back. */
const chooses = async (contact: Contact): Promise<void> => {
  contact.says('会员')
  // A person is always among the options; what an answer before shows or links may still be on its way until then.
  await contact.hears(/找人工/)
  const before = contact.heard().length
  const { id = '', choices: [choice] = [] } = contact.lines().findLast(({ from }) => from === 'account') ?? {}
  if (choice === undefined) contact.says('1')
  else contact.does({ kind: 'choice', lineId: id, choiceId: choice.id })
  await expect.poll(() => contact.heard().length).toBeGreaterThan(before)
}

/** Changes what was said; gives the new words. */
const edits = async (contact: Contact): Promise<string> => {
  contact.says('弹幕发不出取')
  await contact.isThrough()
  const lineId = contact.lines().findLast(({ from }) => from === 'user')?.id ?? ''
  contact.does({ kind: 'edit', lineId, text: danmaku.text })
  await contact.isThrough()
  return danmaku.text
}

/** The change is on record as such, with the new words. */
const isEdited = async (served: Served, text: string): Promise<void> => {
  const edited = async () =>
    (await served.messages()).filter(({ parts }) => parts.some(({ name }) => name === 'edited')).map(textOf)
  await expect.poll(edited).toEqual([expect.stringContaining(text)])
}

export const acts = async (stage: Stage): Promise<void> => {
  const { client } = stage
  stage.takeErrors()
  const contact = await meet(stage)
  const can = (kind: string): boolean => client.acts.some((act) => act === kind)
  await asks(contact, review)
  await chooses(contact)
  const edited = can('edit') ? await edits(contact) : undefined
  const served = await serve(stage, contact)
  if (edited !== undefined) await isEdited(served, edited)
  const picture = await drawPicture('png')
  for (const kind of Object.keys(partOf) as (keyof typeof partOf)[]) {
    if (!can(kind)) continue
    contact.does(plainActs[kind](picture))
    await contact.isThrough()
    const kinds = async () => (await served.messages()).flatMap(({ parts }) => parts.map((part) => part.kind))
    await expect.poll(kinds, { message: kind }).toContain(partOf[kind])
  }
  if (can('mention')) {
    const other = await meet(stage)
    other.does({ kind: 'mention', text: cache.text })
    await other.hears(cache.answer)
  }
  if (can('unfollow')) {
    const other = await meet(stage)
    await asks(other, review)
    other.does({ kind: 'unfollow' })
    other.does({ kind: 'follow' })
    await asks(other, cache)
  }
  expect(stage.takeErrors()).toEqual([])
}

export const unknownType = async (stage: Stage): Promise<void> => {
  const contact = await meet(stage)
  await asks(contact, review)
  await stage.hooks.unknownType?.(contact.key)
  const served = await serve(stage, contact)
  const parts = (await served.messages()).flatMap((message) => message.parts)
  expect(parts.filter(({ kind }) => kind === 'unsupported')).toHaveLength(1)
  expect(await served.summary()).toContain('未知类型的消息')
}

export const oversize = async (stage: Stage): Promise<void> => {
  const contact = await meet(stage)
  await asks(contact, review)
  await contact.isThrough()
  const answer = (await stage.hooks.oversize?.()) ?? (await sendTooMuch(stage))
  expect([413, 552, 1009]).toContain(answer)
  await asks(contact, cache)
  await isOnce(stage, contact, review)
}

/** The last push with a body that nobody should read to its end. */
const sendTooMuch = async ({ wire }: Stage): Promise<number> => {
  const push = wire.pushes.at(-1)
  if (push === undefined) throw new Error('nothing was pushed yet')
  const body = Buffer.concat([push.body, Buffer.alloc(9 * 1_048_576, ' ')])
  const headers = { ...push.headers, 'content-length': String(body.length) }
  return (await wire.send({ ...push, headers, body })).status
}

export const echo = async (stage: Stage): Promise<void> => {
  const contact = await meet(stage)
  await asks(contact, review)
  const served = await serve(stage, contact)
  const before = contact.heard().length
  await served.replies('已为您加急')
  await contact.hears(/加急/)
  const { echo: tell, saidToItself } = stage.hooks
  if (tell === undefined) throw new Error('the stage has no hook for what the account said itself')
  await tell(contact.key, cache.text)
  await asks(await meet(stage), danmaku)
  expect(contact.count(cache.answer)).toBe(0)
  const heard = (await served.messages()).filter(({ direction }) => direction === 'in').map(textOf)
  expect(heard.filter((words) => [cache.text, '已为您加急'].some((own) => words.includes(own)))).toEqual([])
  expect(saidToItself?.() ?? 0).toBe(0)
  expect(contact.heard().length).toBe(before + 1)
}
