// An answer within the request: open.weibo.com "发送被动响应消息".
import type { WeiboRules } from './account.ts'
import { idIn, parseObject } from './json.ts'
import { readMessage } from './message-data.ts'

/** What the platform makes of a response with status 200. */
export type AnswerReading =
  | { readonly kind: 'acknowledged' }
  | { readonly kind: 'answer'; readonly text: string; readonly problems: readonly string[] }
  | { readonly kind: 'invalid'; readonly problem: string }

/** What an answer is held against. */
export interface AnswerContext {
  /** The account. */
  readonly senderId: string
  /** The user. */
  readonly receiverId: string
  readonly rules: WeiboRules
}

const invalid = (problem: string): AnswerReading => ({ kind: 'invalid', problem })

/** URL-decodes as PHP does, where a plus is a space. */
const urlDecode = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}

/** Reads a response body. */
export const readAnswer = (body: string, contentType: string, context: AnswerContext): AnswerReading => {
  if (body === '') return { kind: 'acknowledged' }
  const fields = parseObject(body)
  if (fields === undefined) return invalid('the answer is no JSON object')
  if (idIn(body, 'sender_id') !== context.senderId) return invalid('sender_id is not the account')
  if (idIn(body, 'receiver_id') !== context.receiverId) return invalid('receiver_id is not the user')
  const { type, data } = fields
  if (typeof type !== 'string' || typeof data !== 'string') return invalid('type and data must be strings')
  const json = urlDecode(data)
  if (json === undefined || json === data) return invalid('data is not URL-encoded')
  const text = readMessage(type, json, context.rules)
  if (typeof text !== 'string') return invalid(`data is refused: ${String(text.errorCode)} ${text.error}`)
  const problems = [
    ...(contentType.startsWith('application/json') ? [] : [`the content type is ${contentType}`]),
    ...(fields['result'] === true ? [] : ['result is missing']),
  ]
  return { kind: 'answer', text, problems }
}
