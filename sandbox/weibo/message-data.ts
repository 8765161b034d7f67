// What the account may send, within a request or by API: open.weibo.com "发送被动响应消息", "发送客服消息".
import { z } from 'zod'
import type { WeiboRules } from './account.ts'
import type { WeiboRefusal } from './faults.ts'
import { parseObject } from './json.ts'

const refusal = (errorCode: number, error: string): WeiboRefusal => ({ errorCode, error })

const Article = z.object({
  display_name: z.string().min(1),
  summary: z.string(),
  image: z.url(),
  url: z.url(),
})
const Articles = z.object({ articles: z.array(Article).min(1).max(8) })
const coordinate = z.union([z.string().regex(/^-?\d{1,3}(\.\d+)?$/), z.number()])
const Position = z.object({ longitude: coordinate, latitude: coordinate })
const Text = z.object({ text: z.string() })

type Reader = (data: unknown, rules: WeiboRules) => string | WeiboRefusal

const invalid = refusal(10017, "Parameter (data)'s value invalid, expect (json), see doc for more info.")

const readers: Readonly<Record<string, Reader>> = {
  text: (data, { textBelow }) => {
    const read = Text.safeParse(data)
    if (!read.success) return invalid
    const { text } = read.data
    if (text === '') return refusal(20008, 'Content is null')
    // By character, as people count.
    return Array.from(text).length < textBelow
      ? text
      : refusal(20012, 'Text too long, please input text less than 300 characters!')
  },
  articles: (data) => {
    const read = Articles.safeParse(data)
    if (!read.success) return invalid
    return read.data.articles
      .map(({ display_name: title, summary, url }) => `[图文] ${[title, summary, url].join('\n')}`)
      .join('\n\n')
  },
  position: (data) => {
    const read = Position.safeParse(data)
    return read.success ? `[位置] ${read.data.latitude}, ${read.data.longitude}` : invalid
  },
}

/** What the user will see of a message's `type` and JSON `data`, or why the platform does not take it. */
export const readMessage = (type: string, json: string, rules: WeiboRules): string | WeiboRefusal => {
  const reader = Object.hasOwn(readers, type) ? readers[type] : undefined
  if (reader === undefined) return refusal(10008, 'Param error, see doc for more info.')
  const data = parseObject(json)
  return data === undefined ? invalid : reader(data, rules)
}
