import { z } from 'zod'
import type { InboundMessage, Part } from '../../src/core/message.ts'
import { maxIdentityCharacters } from './identity-token.ts'
import { readJson } from './json.ts'
import { maxFrameBytes, maxJsonDepth, maxTextCharacters } from './manifest.ts'

// Known keys only: a frame that tries to set a role, sender, conversation or time is refused as a whole.
const seq = z.int().min(0)
/** What the page knows and agents should see. */
const context = z
  .record(z.string().regex(/^[^\p{C}:]{1,40}$/u), z.union([z.string().max(200), z.number(), z.boolean()]))
  .refine((facts) => Object.keys(facts).length <= 20)
const message = z.strictObject({
  /** Makes resending harmless: the same id gives the first result again. */
  clientMsgId: z.uuid().transform((id) => id.toLowerCase()),
  content: z.union([
    z.strictObject({ text: z.string() }),
    z.strictObject({ choice: z.string().min(1).max(128) }),
    z.strictObject({ vote: z.strictObject({ seq, helpful: z.boolean() }) }),
    z.strictObject({ leave: z.strictObject({ text: z.string(), reach: z.string().max(200).optional() }) }),
  ]),
  context: context.optional(),
})
const auth = z.strictObject({
  t: z.literal('auth'),
  token: z.string().max(2_048),
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
const identification = z.strictObject({ token: z.string().max(maxIdentityCharacters) })
const receipt = z.strictObject({ seq, read: z.boolean().optional() })

/** A visitor's message as it arrives. */
export type VisitorMessage = z.output<typeof message>
/** A word on an answer of the bot's. */
export type Vote = Extract<VisitorMessage['content'], { vote: unknown }>['vote']
/** Everything else that a visitor says. */
export type Saying = Exclude<VisitorMessage['content'], { vote: unknown }>
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
/** Decodes the body of `POST /identify`. */
export const decodeIdentification = (text: string): Decoded<z.output<typeof identification>> =>
  decodeWith(identification, text)
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
  /** What joins the addresses of a customer; absent: a stranger. */
  readonly unionKey?: string
  readonly name?: string
}

const inbound = (
  { inboxId, visitor, at, unionKey, name }: Sender,
  dedupKey: string,
  ...parts: readonly Part[]
): InboundMessage => ({
  inboxId,
  dedupKey: `${visitor}:${dedupKey}`,
  contactKey: visitor,
  threadKey: visitor,
  ...(unionKey !== undefined && { unionKey }),
  ...(name !== undefined && { displayName: name }),
  parts,
  sentAt: at,
  mayContinue: parts.every(({ kind }) => kind === 'text'),
  wantsReply: true,
  passiveBudgetMs: 0,
})

/** Why a well-formed message is still not taken. */
export type ContentFault = 'empty' | 'text_too_long' | 'not_found'

/** What the page knew when the visitor said it, a line a fact. */
const withContext = (message: InboundMessage, facts: z.output<typeof context> = {}): InboundMessage => {
  const lines = Object.entries(facts).map(
    ([name, fact]) => `${name}: ${clean(String(fact)).replace(/\s+/g, ' ')}`,
  )
  if (lines.length === 0) return message
  return {
    ...message,
    parts: [...message.parts, { kind: 'event', name: 'context', value: lines.join('\n') }],
  }
}

const textFault = (text: string): ContentFault | undefined => {
  if (text.trim() === '') return 'empty'
  return text.length > maxTextCharacters ? 'text_too_long' : undefined
}

/** A visitor's message in our words, or why it cannot be taken. */
export const toInbound = (
  sender: Sender,
  said: Pick<VisitorMessage, 'clientMsgId' | 'context'> & { readonly content: Saying },
): InboundMessage | ContentFault => {
  const message = sayingOf(sender, said.clientMsgId, said.content)
  return typeof message === 'string' ? message : withContext(message, said.context)
}

const sayingOf = (sender: Sender, clientMsgId: string, content: Saying): InboundMessage | ContentFault => {
  if ('choice' in content)
    return inbound(sender, clientMsgId, { kind: 'event', name: 'choice', value: clean(content.choice) })
  if ('text' in content) {
    const text = clean(content.text)
    return textFault(text) ?? inbound(sender, clientMsgId, { kind: 'text', text })
  }
  const { leave } = content
  const text = clean([leave.text, leave.reach ?? ''].filter((line) => line.trim() !== '').join('\n'))
  return (
    textFault(leave.text.trim() === '' ? '' : text) ??
    inbound(sender, clientMsgId, { kind: 'text', text }, { kind: 'event', name: 'left-message' })
  )
}

/** What contacts send on channels that have nothing but words to say that an answer did not help. */
const thumbDown: Part = { kind: 'text', text: '👎' }

/**
 * A word on an answer, once an answer. Only on the last thing that was said does it say anything to the bot: what came
 * later was about something else.
 */
export const toVote = (sender: Sender, { seq, helpful }: Vote, isLast: boolean): InboundMessage => {
  const isSaid = !helpful && isLast
  const parts: readonly Part[] = [
    { kind: 'event', name: helpful ? 'helpful' : 'not-helpful', data: { seq } },
    ...(isSaid ? [thumbDown] : []),
  ]
  return { ...inbound(sender, `vote:${seq}`, ...parts), wantsReply: isSaid }
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

/** Tells whom a thread belongs to from now on; once a customer. */
export const toIdentified = (sender: Sender): InboundMessage => ({
  ...inbound(sender, `identified:${sender.unionKey ?? ''}`, { kind: 'event', name: 'identified' }),
  wantsReply: false,
})
