/** From the brand's JSON to the message model. */
import type { z } from 'zod'
import type { InboundMessage, MediaRef, Part } from '../../src/core/message.ts'
import { readBoundedJson } from '../kit/index.ts'
import type { InboundBody, InboundFile, InboundPart } from './message-schema.ts'
import { inboundBody, isKnownPart } from './message-schema.ts'

const maxJsonDepth = 32

/** One thing that is wrong with a message. */
export interface BodyFault {
  /** Where, e.g. `parts.0.media.url`. */
  readonly path: string
  readonly expected: string
}

/** A body that is no message, and what the sender can do about it. */
export class BodyRefused extends Error {
  readonly faults: readonly BodyFault[]

  constructor(faults: readonly BodyFault[]) {
    super('not a message')
    this.name = 'BodyRefused'
    this.faults = faults
  }
}

/** A part of an unknown kind is none of ours; what is wrong with a known one says its own branch of the union. */
const flatten = (issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] => {
  const [first] = issue.code === 'invalid_union' ? issue.errors : []
  return first === undefined
    ? [issue]
    : first.flatMap(flatten).map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))
}

const maxFaults = 10

const faultsOf = (error: z.ZodError): readonly BodyFault[] =>
  error.issues
    .flatMap(flatten)
    .slice(0, maxFaults)
    .map(({ path, message }) => ({ path: path.map(String).join('.'), expected: message }))

/** Reads a body. Throws `Refusal` when it is not JSON we read, `BodyRefused` when it is not a message. */
export const readMessage = (text: string): InboundBody => {
  const parsed = inboundBody.safeParse(readBoundedJson(text, maxJsonDepth))
  if (!parsed.success) throw new BodyRefused(faultsOf(parsed.error))
  return parsed.data
}

/** The files of a message, in order. */
export const filesOf = ({ parts }: InboundBody): readonly InboundFile[] =>
  parts
    .filter(isKnownPart)
    .flatMap((part) => ('media' in part && part.media !== undefined ? [part.media] : []))

/** Leaves out what is undefined. */
const given = <Key extends string, Value>(key: Key, value: Value | undefined): { [key in Key]?: Value } =>
  value === undefined ? {} : ({ [key]: value } as { [key in Key]: Value })

type RefOf = (file: InboundFile | undefined) => MediaRef

const toPart = (part: InboundPart, refOf: RefOf): Part => {
  if (!isKnownPart(part)) {
    const { kind, ...raw } = part
    return { kind: 'unsupported', type: kind, raw }
  }
  switch (part.kind) {
    case 'text':
      return part
    case 'image':
      return { kind: 'image', media: refOf(part.media), ...given('alt', part.alt) }
    case 'audio':
      return {
        kind: 'audio',
        media: refOf(part.media),
        ...given('durationMs', part.durationMs),
        ...given('transcript', part.transcript),
      }
    case 'video':
      return { kind: 'video', media: refOf(part.media) }
    case 'file':
      return { kind: 'file', media: refOf(part.media), name: part.name }
    case 'location':
      return {
        kind: 'location',
        latitude: part.latitude,
        longitude: part.longitude,
        ...given('label', part.label),
      }
    case 'link':
      return {
        kind: 'link',
        url: part.url,
        ...given('title', part.title),
        ...given('description', part.description),
      }
    case 'sticker':
      return {
        kind: 'sticker',
        name: part.name,
        ...given('media', part.media === undefined ? undefined : refOf(part.media)),
      }
    case 'event':
      return { kind: 'event', name: part.name, ...given('value', part.value), ...given('data', part.data) }
    default:
      return part satisfies never
  }
}

/** The key of a contact's conversation in a thread; a contact's id holds no `|`, so no two are the same. */
export const threadKeyOf = (contactId: string, thread: string | undefined): string =>
  thread === undefined ? contactId : `${contactId}|${thread}`

/** The brand's thread in a key made by `threadKeyOf`; undefined when there was none. */
export const threadOf = (contactKey: string, threadKey: string): string | undefined =>
  threadKey.startsWith(`${contactKey}|`) ? threadKey.slice(contactKey.length + 1) : undefined

/** What decoding needs beside the body. */
export interface DecodeContext {
  readonly inboxId: string
  readonly now: Date
  readonly refOf: RefOf
}

/** The message in our words. Pure. */
export const decode = (body: InboundBody, { inboxId, now, refOf }: DecodeContext): InboundMessage => {
  const { contact, thread, sentAt } = body
  const sent = sentAt === undefined ? now : new Date(sentAt)
  const isText = body.parts.every(({ kind }) => kind === 'text')
  return {
    inboxId,
    dedupKey: body.id,
    providerId: body.id,
    contactKey: contact.id,
    threadKey: threadKeyOf(contact.id, thread),
    parts: body.parts.map((part) => toPart(part, refOf)),
    sentAt: sent > now ? now : sent,
    ...given('unionKey', contact.unionKey),
    ...given('displayName', contact.displayName),
    mayContinue: isText && !body.complete,
    wantsReply: body.wantsReply,
    passiveBudgetMs: 0,
  }
}
