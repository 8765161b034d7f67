import { z } from 'zod'
import type { InboundMessage, Part } from '../../src/core/message.ts'
import { readJson } from './json.ts'
import { maxFrameBytes, maxJsonDepth, maxTextCharacters } from './manifest.ts'

// Known keys only: a frame that tries to set a role, sender, conversation or time is refused as a whole.
const seq = z.int().min(0)
const message = z.strictObject({
  /** Makes resending harmless: the same id gives the first result again. */
  clientMsgId: z.uuid().transform((id) => id.toLowerCase()),
  content: z.union([
    z.strictObject({ text: z.string() }),
    z.strictObject({ choice: z.string().min(1).max(128) }),
  ]),
})
const auth = z.strictObject({
  t: z.literal('auth'),
  token: z.string().max(1_024),
  resume: z.strictObject({ cursor: seq }).optional(),
})
const frames = {
  auth,
  msg: message.extend({ t: z.literal('msg') }),
  typing: z.strictObject({ t: z.literal('typing'), on: z.boolean() }),
  read: z.strictObject({ t: z.literal('read'), seq }),
  ack: z.strictObject({ t: z.literal('ack'), seq }),
  ping: z.strictObject({ t: z.literal('ping') }),
}
const anyFrame = z.discriminatedUnion('t', [
  frames.auth,
  frames.msg,
  frames.typing,
  frames.read,
  frames.ack,
  frames.ping,
])
const receipt = z.strictObject({ seq, read: z.boolean().optional() })

/** A visitor's message as it arrives. */
export type VisitorMessage = z.output<typeof message>
/** What a client may say over a socket. */
export type ClientFrame = z.output<typeof anyFrame>
/** What is wrong with what a client sent. */
export type InputFault = 'too_large' | 'too_deep' | 'bad_frame' | 'unknown_type'
/** The outcome of decoding: a value, or a word for what is wrong with it. */
export type Decoded<Value> =
  { readonly kind: 'ok'; readonly value: Value } | { readonly kind: 'fault'; readonly fault: InputFault }

const fault = (what: InputFault): { kind: 'fault'; fault: InputFault } => ({ kind: 'fault', fault: what })

const decodeWith = <Value>(schema: z.ZodType<Value>, text: string): Decoded<Value> => {
  if (Buffer.byteLength(text) > maxFrameBytes) return fault('too_large')
  const reading = readJson(text, maxJsonDepth)
  if (reading.kind === 'refused') return fault(reading.reason === 'too_deep' ? 'too_deep' : 'bad_frame')
  const parsed = schema.safeParse(reading.value)
  if (parsed.success) return { kind: 'ok', value: parsed.data }
  return fault(
    parsed.error.issues.some((issue) => issue.code === 'invalid_union' && issue.path[0] === 't')
      ? 'unknown_type'
      : 'bad_frame',
  )
}

/** Decodes one socket frame; unknown kinds and keys are faults, never exceptions. */
export const decodeFrame = (text: string): Decoded<ClientFrame> => decodeWith(anyFrame, text)
/** Decodes the body of `POST /messages`. */
export const decodeMessage = (text: string): Decoded<VisitorMessage> => decodeWith(message, text)
/** Decodes the body of `POST /ack`. */
export const decodeReceipt = (text: string): Decoded<z.output<typeof receipt>> => decodeWith(receipt, text)

/** Drops NUL, which no database text can hold, replaces lone surrogates, and makes line ends one kind. */
const clean = (text: string): string =>
  text
    .replaceAll('\u0000', '')
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/\r\n?/g, '\n')

/** Who wrote where and when: the server's word, never the client's. */
export interface Sender {
  readonly inboxId: string
  readonly visitor: string
  readonly at: Date
}

const inbound = ({ inboxId, visitor, at }: Sender, dedupKey: string, part: Part): InboundMessage => ({
  inboxId,
  dedupKey: `${visitor}:${dedupKey}`,
  contactKey: visitor,
  threadKey: visitor,
  parts: [part],
  sentAt: at,
  mayContinue: part.kind === 'text',
  wantsReply: true,
  passiveBudgetMs: 0,
})

/** Why a well-formed message is still not taken. */
export type ContentFault = 'empty' | 'text_too_long'

/** A visitor's message in our words, or why it cannot be taken. */
export const toInbound = (
  sender: Sender,
  { clientMsgId, content }: VisitorMessage,
): InboundMessage | ContentFault => {
  if ('choice' in content) {
    return inbound(sender, clientMsgId, { kind: 'event', name: 'choice', value: clean(content.choice) })
  }
  const text = clean(content.text)
  if (text.trim() === '') return 'empty'
  if (text.length > maxTextCharacters) return 'text_too_long'
  return inbound(sender, clientMsgId, { kind: 'text', text })
}

/** A stored file as a visitor's message. */
export const toInboundFile = (sender: Sender, clientMsgId: string, part: Part): InboundMessage =>
  inbound(sender, clientMsgId, part)

const upload = z.strictObject({
  id: z.uuid().transform((id) => id.toLowerCase()),
  name: z.string().max(1_000).default(''),
})

/** What the address of an upload says: the message's id and what the visitor calls the file. */
export const decodeUpload = (search: URLSearchParams): { id: string; name: string } | undefined => {
  const parsed = upload.safeParse(Object.fromEntries(search))
  return parsed.success ? { id: parsed.data.id, name: fileNameOf(parsed.data.name) } : undefined
}

const maxNameCharacters = 120

/**
 * A file's name as people read it: no folders, nothing invisible, nothing that turns the direction around (`gpj.exe`
 * must not look like `exe.jpg`), the extension kept when it is shortened. It names nothing on our disk.
 */
export const fileNameOf = (given: string): string => {
  const [last = ''] = given.normalize('NFC').split(/[/\\]/).slice(-1)
  const name = last.replace(/[\p{C}\u2028\u2029]/gu, '').trim()
  if (/^\.*$/.test(name)) return 'file'
  const letters = Array.from(name)
  if (letters.length <= maxNameCharacters) return name
  const extension = /\.[^.]{1,10}$/u.exec(name)?.[0] ?? ''
  return letters.slice(0, maxNameCharacters - Array.from(extension).length).join('') + extension
}

/** The event of a visitor opening the chat for the first time, so that the bot greets; once per visitor. */
export const toOpened = (sender: Sender): InboundMessage =>
  inbound(sender, 'opened', { kind: 'event', name: 'opened' })
