import { TongdaError } from '../core/errors.ts'
import type { ReportedObject } from '../core/complaint.ts'
import { findEntities } from '../text/index.ts'
import { aidOf, bvidOf } from './video-number.ts'

/** What is understood, for refusals. */
const accepted =
  'accepted are BV and av numbers, UID:123, a room as 房间号 123, cv123, and links to videos, articles, posts, spaces, live rooms and comments (#reply123)'

const refuse = (text: string, why: string): TongdaError =>
  new TongdaError('bad_input', `“${text.slice(0, 80)}” ${why}; ${accepted}`, { object: text.slice(0, 80) })

/** Characters as people type them: wide letters, spaces around. */
const tidy = (text: string): string => text.normalize('NFKC').trim()

const number = (digits: string): string => digits.replace(/^0+(?=\d)/, '')

const simple = (kind: 'article' | 'post' | 'user' | 'live-room', id: string): ReportedObject => {
  const plain = number(id.replace(/^cv/i, ''))
  return { kind, id: kind === 'article' ? `cv${plain}` : plain, key: `${kind}:${plain}` }
}

/** A video by either name; both are told. */
const video = (name: string, text: string): ReportedObject => {
  const aid = /^bv/i.test(name) ? aidOf(name) : BigInt(name.replace(/^av/i, ''))
  const bvid = aid === undefined ? undefined : bvidOf(aid)
  if (aid === undefined || bvid === undefined)
    throw refuse(text, 'is no video number: its characters do not belong together')
  return { kind: 'video', id: bvid, aid: String(aid), key: `video:${String(aid)}` }
}

const comment = (id: string, on: ReportedObject | undefined): ReportedObject => ({
  kind: 'comment',
  id: number(id),
  key: `comment:${number(id)}`,
  ...(on === undefined ? {} : { on }),
})

type Read = (found: RegExpExecArray, text: string) => ReportedObject
const group = (found: RegExpExecArray, at: number): string => found[at] ?? ''

/** Words people write, whole. */
const words: readonly (readonly [RegExp, Read])[] = [
  [/^(bv1[a-z0-9]{9}|av ?\d{1,18})$/i, (found, text) => video(group(found, 1).replace(' ', ''), text)],
  [/^(?:uid|mid|用户id)[\s:#号]{0,4}(\d{1,20})$/i, (found) => simple('user', group(found, 1))],
  [/^(?:直播间|房间|room)(?:号|id)?[\s:#]{0,4}(\d{1,12})$/i, (found) => simple('live-room', group(found, 1))],
  [/^(cv\d{1,12})$/i, (found) => simple('article', group(found, 1))],
]

/** Addresses: host without the domain, and path. */
const addresses: readonly (readonly [host: RegExp, path: RegExp, read: Read])[] = [
  [
    /^(?:www|m)?$/,
    /^\/(?:s\/)?video\/(bv1[a-z0-9]{9}|av\d{1,18})\/?$/i,
    (found, text) => video(group(found, 1), text),
  ],
  [/^space$/, /^\/(\d{1,20})(?:\/.{0,200})?$/, (found) => simple('user', group(found, 1))],
  [/^m$/, /^\/space\/(\d{1,20})\/?$/, (found) => simple('user', group(found, 1))],
  [/^live$/, /^\/(?:h5\/|blanc\/)?(\d{1,12})\/?$/, (found) => simple('live-room', group(found, 1))],
  [/^(?:www|m)?$/, /^\/read\/(?:mobile\/)?(cv\d{1,12})\/?$/i, (found) => simple('article', group(found, 1))],
  [/^(?:www|m)?$/, /^\/(?:opus|dynamic)\/(\d{1,20})\/?$/, (found) => simple('post', group(found, 1))],
  [/^t$/, /^\/(\d{1,20})\/?$/, (found) => simple('post', group(found, 1))],
]

/** The part of a host before one of the platform's domains; undefined: it is elsewhere. */
const below = (hostname: string, hosts: readonly string[]): string | undefined => {
  for (const host of hosts) {
    if (hostname === host) return ''
    if (hostname.endsWith(`.${host}`)) return hostname.slice(0, -host.length - 1)
  }
  return undefined
}

const replyOf = ({ hash, searchParams }: URL): string | undefined =>
  /^#reply(\d{1,20})$/.exec(hash)?.[1] ?? /^\d{1,20}$/.exec(searchParams.get('comment_root_id') ?? '')?.[0]

const fromAddress = (text: string, hosts: readonly string[]): ReportedObject | undefined => {
  const looks = /^https?:\/\//i.test(text)
    ? text
    : /^[\w.-]+\.[a-z]{2,}(?:\/|$)/i.test(text)
      ? `https://${text}`
      : ''
  if (looks === '' || !URL.canParse(looks)) return undefined
  const url = new URL(looks)
  const sub = below(url.hostname, hosts)
  if (sub === undefined || url.username !== '')
    throw refuse(text, `leads to ${url.hostname}, which is not the platform; open it and send where it ends`)
  for (const [host, path, read] of addresses) {
    const found = host.test(sub) ? path.exec(url.pathname) : null
    if (found === null) continue
    const on = read(found, text)
    const reply = replyOf(url)
    return reply === undefined ? on : comment(reply, on)
  }
  throw refuse(text, 'is a page of the platform that cannot be reported by its address')
}

/** Reads what a person named as the thing that is reported. Throws `bad_input` with what is understood. */
export const readObject = (input: string, hosts: readonly string[]): ReportedObject => {
  const text = tidy(input)
  if (text.length > 500) throw refuse(text, 'is too long')
  for (const [pattern, read] of words) {
    const found = pattern.exec(text)
    if (found !== null) return read(found, input)
  }
  const found = fromAddress(text, hosts)
  if (found === undefined) throw refuse(input, 'names nothing that can be reported')
  return found
}

const readOrNothing = (text: string, hosts: readonly string[]): ReportedObject | undefined => {
  try {
    return readObject(text, hosts)
  } catch {
    // Of a form's answer what is not understood is left to the agent, who sees the answer itself.
    return undefined
  }
}

const once = (objects: readonly ReportedObject[]): readonly ReportedObject[] => [
  ...new Map(objects.map((object) => [object.key, object])).values(),
]

/** Reads several, each once. Throws `bad_input`. */
export const readObjects = (inputs: readonly string[], hosts: readonly string[]): readonly ReportedObject[] =>
  once(inputs.map((input) => readObject(input, hosts)))

/** Finds what is named within an answer in words; what is not understood is left out. */
export const findObjects = (text: string, hosts: readonly string[]): readonly ReportedObject[] => {
  const whole = readOrNothing(text, hosts)
  if (whole !== undefined) return [whole]
  return once(findEntities(text).flatMap((entity) => readOrNothing(entity.text, hosts) ?? []))
}
