import { expect } from 'vitest'
import { z } from 'zod'
import type { ClientAct, ShownLine } from '../../sandbox/simulator.ts'
import type { Stage } from './stage.ts'

const Stored = z.looseObject({
  direction: z.string(),
  author: z.string(),
  parts: z.array(
    z.looseObject({ kind: z.string(), text: z.string().optional(), name: z.string().optional() }),
  ),
  delivery: z
    .looseObject({
      status: z.string(),
      attempts: z.number(),
      repeated: z.boolean(),
      error: z.looseObject({ code: z.string() }).optional(),
    })
    .optional(),
})
/** A message as the desk shows it. */
export type Stored = z.infer<typeof Stored>
const Opened = z.looseObject({
  ticket: z.looseObject({ summary: z.string(), conversationMode: z.string() }),
  messages: z.array(Stored),
})
const Tickets = z.looseObject({ tickets: z.array(z.looseObject({ id: z.string(), number: z.number() })) })

/** Somebody on the simulated provider. */
export interface Contact {
  readonly key: string
  does(act: ClientAct): void
  says(text: string): void
  lines(): readonly ShownLine[]
  /** What the account said so far in words, the options it offered included. */
  heard(): readonly string[]
  /** Waits until something matching stands below what was heard before. */
  hears(expected: RegExp, timeoutMs?: number): Promise<void>
  /** How many times something matching was said. */
  count(expected: RegExp): number
  /** Waits until the newest line of the contact's own fares so. */
  isThrough(state?: 'delivered' | 'failed'): Promise<void>
}

/** A contact at an agent's desk. */
export interface Served {
  /** The conversation, oldest first. */
  messages(): Promise<readonly Stored[]>
  summary(): Promise<string>
  replies(text: string): Promise<void>
  /** Waits until the newest message that says `text` fares so. */
  fares(text: string, status: string): Promise<Stored>
}

const wordsOf = ({ text = '', choices = [] }: ShownLine): string =>
  [text, ...choices.map(({ label }) => label)].join('\n')

/** What a stored message says. */
export const textOf = ({ parts }: Stored): string => parts.map(({ text = '' }) => text).join('\n')

/** Somebody new on a stage. */
export const meet = async ({ client, nextUser }: Pick<Stage, 'client' | 'nextUser'>): Promise<Contact> => {
  const key = await nextUser()
  let seen = client.lines(key).length
  const lines = (): readonly ShownLine[] => client.lines(key)
  // A picture in an answer says nothing by itself.
  const heard = (): readonly string[] =>
    lines().flatMap((line) => (line.from === 'account' && wordsOf(line) !== '' ? wordsOf(line) : []))
  const does = (act: ClientAct): void => client.act(key, act)
  return {
    key,
    does,
    says: (text) => does({ kind: 'text', text }),
    lines,
    heard,
    hears: async (expected, timeout = 30_000) => {
      const place = (): number =>
        lines().findIndex((line, at) => at >= seen && line.from === 'account' && expected.test(wordsOf(line)))
      await expect
        .poll(place, { timeout, message: `waiting for ${String(expected)}` })
        .toBeGreaterThanOrEqual(0)
      seen = place() + 1
    },
    count: (expected) => heard().filter((words) => expected.test(words)).length,
    isThrough: async (state = 'delivered') => {
      await expect.poll(() => lines().findLast(({ from }) => from === 'user')?.state).toBe(state)
    },
  }
}

/** Brings a contact to the desk: from then on the person leads. */
export const serve = async ({ product }: Stage, contact: Contact): Promise<Served> => {
  contact.says('转人工')
  await contact.hears(/T-\d+/)
  const number = Number(/T-(\d+)/.exec(contact.heard().findLast((words) => /T-\d+/.test(words)) ?? '')?.[1])
  const found = async (): Promise<string | undefined> => {
    const listed = await (await (await product.agent()).get('/tickets?view=all')).json()
    return Tickets.parse(listed).tickets.find((ticket) => ticket.number === number)?.id
  }
  await expect.poll(found).toBeDefined()
  const ticketId = (await found()) ?? ''
  const open = async () => Opened.parse(await (await product.agent()).opens(ticketId))
  const messages = async (): Promise<readonly Stored[]> => (await open()).messages
  return {
    messages,
    summary: async () => (await open()).ticket.summary,
    replies: async (text) => {
      await (await product.agent()).replies(ticketId, text)
    },
    fares: async (text, status) => {
      const newest = async () => (await messages()).findLast((message) => textOf(message).includes(text))
      await expect.poll(async () => (await newest())?.delivery, { message: text }).toMatchObject({ status })
      const found = await newest()
      if (found === undefined) throw new Error('the message vanished')
      return found
    },
  }
}

/** How often the contact is on record with `text`, and how often something matching was answered. */
export const onRecord = async (served: Served, text: string, answer: RegExp) => {
  const messages = await served.messages()
  return {
    asked: messages.filter((message) => message.direction === 'in' && textOf(message).includes(text)).length,
    answered: messages.filter(
      (message) => message.direction === 'out' && answer.test(JSON.stringify(message.parts)),
    ).length,
  }
}
