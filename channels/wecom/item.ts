/** One entry of sync_msg's list, read with suspicion. Source: developer.work.weixin.qq.com 读取消息 (94670). */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { cleanText } from '../kit/index.ts'

/** An object of the answer, keys that mean something to JavaScript left out. */
export type Fields = Readonly<Record<string, unknown>>

const reserved: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])

/** Bounds of what is kept of one entry. */
const limits = { depth: 6, fields: 64, items: 100, text: 20_000, rawBytes: 16_384 } as const

const cleanValue = (value: unknown, depth: number): unknown => {
  if (typeof value === 'string') return cleanText(value.slice(0, limits.text))
  if (typeof value !== 'object' || value === null) return value
  if (depth >= limits.depth) return undefined
  if (Array.isArray(value)) return value.slice(0, limits.items).map((each) => cleanValue(each, depth + 1))
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !reserved.has(name))
      .slice(0, limits.fields)
      .map(([name, each]) => [cleanText(name), cleanValue(each, depth + 1)]),
  )
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** An unknown value as cleaned fields; anything that is not an object is undefined. */
export const toFields = (value: unknown): Fields | undefined => {
  const clean = cleanValue(value, 0)
  return isFields(clean) ? clean : undefined
}

/** A text that says something. */
export const text = (fields: Fields, name: string): string | undefined => {
  const value = fields[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A number, also when it comes as digits. */
export const number = (fields: Fields, name: string): number | undefined => {
  const value = fields[name]
  if (typeof value === 'string' && value.trim() === '') return undefined
  const read = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN
  return Number.isFinite(read) ? read : undefined
}

/** An object within an object. */
export const group = (fields: Fields, name: string): Fields => {
  const value = fields[name]
  return isFields(value) ? value : {}
}

/** What is kept of an entry for the agent to see; too much of it is not kept. */
export const rawOf = (fields: Fields): Fields =>
  Buffer.byteLength(JSON.stringify(fields)) <= limits.rawBytes ? fields : { omitted: 'too large' }

const id = z.string().regex(/^[\w-]{1,128}$/)

/** Where an entry belongs. */
export interface Address {
  readonly openKfId: string
  readonly contactKey: string
}

/** The address in `fields`, which is the entry or its event; undefined when it names no contact. */
export const addressOf = (fields: Fields, openKfId: string): Address | undefined => {
  const contact = id.safeParse(fields['external_userid'])
  if (!contact.success) return undefined
  const own = id.safeParse(fields['open_kfid'])
  return { openKfId: own.success ? own.data : openKfId, contactKey: contact.data }
}

/** One contact on one customer-service account: the same contact may write to several. */
export const threadKeyOf = ({ openKfId, contactKey }: Address): string => `${openKfId}:${contactKey}`

/** The message's own id; an entry without one is known by its content. */
export const dedupKeyOf = (fields: Fields): string => {
  const own = id.safeParse(fields['msgid'])
  if (own.success) return own.data
  return `content:${createHash('sha256').update(JSON.stringify(fields)).digest('hex')}`
}

/** When it was sent; undefined for what is no time. */
export const sentAtOf = (fields: Fields): Date | undefined => {
  const seconds = number(fields, 'send_time')
  return seconds !== undefined && seconds > 0 && seconds < 100_000_000_000
    ? new Date(seconds * 1_000)
    : undefined
}
