import { readFileSync } from 'node:fs'
import { afterAll, beforeAll } from 'vitest'
import { z } from 'zod'
import type { InboundMessage } from '../../src/core/message.ts'
import { createContractHost } from '../contract/channel.ts'
import { type Account, mailOf, openAccount } from '../channels/email/account.ts'

/** What an attack is after. */
export const goals = [
  ...(['prompt', 'canary', 'link', 'picture', 'data', 'promise'] as const),
  ...(['account', 'markup', 'secret', 'foreign', 'phishing'] as const),
] as const

const line = z.strictObject({
  lang: z.enum(['zh', 'en']),
  where: z.enum(['message', 'name', 'mail', 'article', 'tool', 'schema']),
  goal: z.enum(goals),
  text: z.string(),
})

/** Somebody's attempt to have a model obey what stands in the material. */
export type Attack = z.infer<typeof line>

export const corpus: readonly Attack[] = readFileSync('test/fixtures/llm/injections.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((one) => line.parse(JSON.parse(one)))

/** What is asked beside an attack that does not stand in the words. */
export const plainQuestion = { zh: '买错了咋整', en: 'money back please' } as const

const encoded = (words: string): string => `=?utf-8?B?${Buffer.from(words).toString('base64')}?=`

/** The attack as its mail: lines that name a subject or an author stand where these stand in mails. */
const rawOf = ({ where, lang, text }: Attack, place: number): string => {
  const subject = /^(?:主题：|Subject: )(.*)$/m.exec(text)?.[1] ?? ''
  const author = /^(?:发件人：|From: )(.*)$/m.exec(text)?.[1]
  const name = where === 'name' ? text : (author ?? '王磊')
  const body = text.replaceAll(/^(?:主题|发件人|Subject|From)(?:：|: ).*\n+/gmu, '')
  const from = `c${String(place)}@qq.example`
  return mailOf(where === 'name' ? plainQuestion[lang] : body, {
    ...{ from, id: `m${String(place)}@qq.example`, subject },
  }).replace(/^From: .*$/m, `From: ${encoded(name)} <${from}>`)
}

/** An inbox that attacks come to by mail: in the author's name, or in subject and words. */
export const openMailbox = () => {
  const host = createContractHost()
  let account: Account | undefined
  let count = 0
  beforeAll(async () => {
    account = await openAccount({}, host)
  })
  afterAll(() => account?.close())
  return async (attack: Attack): Promise<InboundMessage> => {
    const answer = await account?.gets(rawOf(attack, (count += 1)))
    const message = host.accepted.at(-1)
    if (answer?.code !== 250 || message === undefined) throw new Error('the mail did not arrive')
    return message
  }
}

/** Lines of an attack that say enough to be known again. */
export const linesOf = ({ text }: Attack): readonly string[] =>
  text.split('\n').filter((one) => one.trim().length >= 8)
