import type { Claim, PendingMessage } from '../core/conversation.ts'
import type { Article } from '../core/knowledge.ts'
import { isForPerson, textOf, type EventPart, type Part } from '../core/message.ts'
import { simplify } from '../text/index.ts'
import type { DialogueConfig, Popular } from './config.ts'
import type { Library } from './library.ts'
import { personId, type Option } from './options.ts'
import { readCorrection, type Correction } from './correction.ts'
import { readOrdinal, readPosition, sameLabel } from './ordinal.ts'
import type { Attachment } from './wording.ts'

/** What the contact chose: by a button, a menu key, a number or an option's own words. */
export type Choice =
  | { readonly to: 'person' | 'popular' | 'unknown' }
  | { readonly to: 'article'; readonly article: Article }
  | { readonly to: 'about'; readonly about: Popular }
  | { readonly to: 'text'; readonly text: string }
  /** The button below an incident's notice. */
  | { readonly to: 'incident'; readonly incidentId: string }
  /** A button of a form; `press` says which. */
  | { readonly to: 'form'; readonly press: string; readonly label: string }

/** Everything the messages of one turn say, taken together. */
export interface Said {
  /**
   * The words in order, questions chosen among them included; empty when there were none. Of a correction what is said
   * instead, where something is.
   */
  readonly text: string
  /** What the contact wrote or spoke, as it came; what was pressed is not among it. */
  readonly written: string
  /** Says that the last answer or offer was not what was meant. */
  readonly correction?: Correction
  /** Absent when other words stand beside it: then its question is among them. */
  readonly choice?: Choice
  /** Names of what happened rather than was said and may be answered. */
  readonly events: readonly string[]
  /** The contact ended with leaving: nothing can reach them any more. */
  readonly left: boolean
  readonly attachments: readonly Attachment[]
  readonly sticker: boolean
  /** False when nothing of it wants an answer. */
  readonly wantsReply: boolean
  /** Something is there that only a person may answer. */
  readonly forPerson: boolean
  /** What a program handed on for the contact. */
  readonly handedOn?: HandedOn
}

/** A contact's wish by way of a program. */
export interface HandedOn {
  readonly program: string
  readonly text: string
}

/** Most characters of one turn that are understood; the rest is for the agent's eyes. */
const maxTextCharacters = 2_000

/** What ids, numbers and labels can refer to. */
interface Reach {
  readonly claim: Claim
  readonly config: DialogueConfig
  readonly library: Library
}

const formMark = 'form:'
/** Begins the id of the button below an incident's notice. */
export const incidentMark = 'incident:'

const findById = (id: string, { claim, config, library }: Reach): Choice | undefined => {
  if (id === personId) return { to: 'person' }
  if (id.startsWith(incidentMark)) return { to: 'incident', incidentId: id.slice(incidentMark.length) }
  if (id.startsWith(formMark)) {
    const label = claim.dialogue.offered.find((option) => option.id === id)?.label ?? ''
    return { to: 'form', press: id.slice(formMark.length), label }
  }
  const about = config.popular.find((subject) => subject.id === id)
  if (about !== undefined) return { to: 'about', about }
  const article = library.find(id)
  return article === undefined ? undefined : { to: 'article', article }
}

const affirmative = /^(?:是|是的|对|对的|嗯+|没错|就是(?:这个|它)?|yes|yep|yeah|right|correct)[。.!！~～]*$/i

/** The option a text means: by its words, its place, or a yes to the only one. */
const findOption = (text: string, { claim, library }: Reach): Option | 'none' | undefined => {
  const { offered, lastRule } = claim.dialogue
  // What was shown in traditional characters comes back in them.
  const words = simplify(text)
  const named = offered.find(
    ({ label, articleId }) =>
      sameLabel(simplify(label), words) || sameLabel(library.find(articleId ?? '')?.question ?? label, words),
  )
  if (named !== undefined) return named
  const [only, ...others] = offered.filter(({ id }) => id !== personId)
  if (lastRule === 'clarify' && others.length === 0 && affirmative.test(text)) return only
  const subjects = offered.filter(({ id }) => id !== personId)
  const position = readPosition(text, subjects.length)
  if (position !== undefined) return subjects[position - 1]
  const place = readOrdinal(text)
  if (place === undefined) return undefined
  return (place === 'last' ? offered.at(-1) : offered[place - 1]) ?? 'none'
}

const findByText = (text: string, reach: Reach): Choice | undefined => {
  if (reach.claim.dialogue.offered.length === 0) return undefined
  const option = findOption(text, reach)
  if (option === undefined) return undefined
  return (option === 'none' ? undefined : findById(option.id, reach)) ?? { to: 'unknown' }
}

const findByMenuKey = (key: string, { config, library }: Reach): Choice => {
  const action = Object.hasOwn(config.menuKeys, key) ? config.menuKeys[key] : undefined
  if (action === undefined) return { to: 'popular' }
  if (action.to !== 'article') return action
  const article = library.find(action.article)
  return article === undefined ? { to: 'popular' } : { to: 'article', article }
}

const eventsOf = (parts: readonly Part[]): readonly EventPart[] =>
  parts.filter((part) => part.kind === 'event')

interface Piece {
  readonly words: string
  readonly choice?: Choice
}

const readPiece = ({ parts }: PendingMessage, reach: Reach): Piece => {
  const words = textOf(parts).trim()
  for (const { name, value } of eventsOf(parts)) {
    if (value === undefined) continue
    if (name === 'menu') return { words, choice: findByMenuKey(value, reach) }
    if (name !== 'choice') continue
    const choice = findById(value, reach)
    // An option we no longer know may still say in words what it was.
    if (choice !== undefined) return { words: '', choice }
    if (words === '') return { words, choice: { to: 'unknown' } }
  }
  const choice = words === '' ? undefined : findByText(words, reach)
  return choice === undefined ? { words } : { words: choice.to === 'unknown' ? words : '', choice }
}

/** The words a choice stands for among other words. */
const wordsOf = ({ words, choice }: Piece): string => {
  if (choice?.to === 'article') return choice.article.question
  if (choice?.to === 'about') return choice.about.zh
  if (choice?.to === 'form') return choice.label
  return words
}

const attachmentOf = (part: Part): Attachment | undefined => {
  switch (part.kind) {
    case 'image':
    case 'video':
    case 'file':
    case 'location':
      return part.kind
    case 'audio':
      return part.transcript === undefined ? 'audio' : undefined
    case 'link':
      return textOf([part]) === '' ? 'link' : undefined
    case 'unsupported':
      return part.type === 'sticker' ? undefined : 'unsupported'
    case 'text':
    case 'sticker':
    case 'choices':
    case 'event':
      return undefined
    default:
      return part satisfies never
  }
}

const isSticker = (part: Part): boolean =>
  part.kind === 'sticker' || (part.kind === 'unsupported' && part.type === 'sticker')

/** Words beside choices: a person wins at once, a lone choice stays one, among other words it becomes its question. */
const combine = (pieces: readonly Piece[]): Pick<Said, 'text' | 'choice'> => {
  const choices = pieces.flatMap(({ choice }) => choice ?? [])
  const others = pieces.filter(({ choice, words }) => choice === undefined && words !== '')
  const person = choices.find(({ to }) => to === 'person')
  const chosen = person ?? (others.length === 0 ? choices.at(-1) : undefined)
  const lines = others.length === 0 ? [] : pieces.map(wordsOf).filter((words) => words !== '')
  const text = lines.join('\n').slice(0, maxTextCharacters)
  return { text, ...(chosen === undefined ? {} : { choice: chosen }) }
}

/**
 * A correction of what was said before; undefined: nothing was said that a contact may turn down. "没解决" after a list of
 * questions says that none of them is the contact's.
 */
const correcting = ({ claim: { dialogue } }: Reach, correction: Correction): Correction | undefined => {
  if ((dialogue.given ?? []).length > 0 || (dialogue.corrections ?? 0) > 0) return correction
  if (correction.kind !== 'no-help') return dialogue.offered.length > 0 ? correction : undefined
  const isListed = dialogue.offered.some(({ articleId }) => articleId !== undefined)
  return isListed ? { kind: 'none', rest: '', plain: true } : undefined
}

/** The words without what they say against the last answer. */
const readWords = (text: string, reach: Reach): Pick<Said, 'text' | 'correction'> => {
  const read = text === '' ? undefined : readCorrection(text)
  if (read === undefined) return { text }
  const { rest } = read
  const correction = correcting(reach, read)
  if (correction !== undefined) return { text: rest === '' ? text : rest, correction }
  return { text: read.plain || rest === '' ? text : rest }
}

const programOf = ({ parts }: PendingMessage): string | undefined => {
  const program = eventsOf(parts).find(({ name }) => name === 'for-person')?.data?.['program']
  return typeof program === 'string' ? program : undefined
}

const handedOnIn = (pending: readonly PendingMessage[]): HandedOn | undefined => {
  const handed = pending.filter((message) => programOf(message) !== undefined)
  const program = handed.map(programOf).at(-1)
  const text = handed
    .map(({ parts }) => textOf(parts))
    .join('\n')
    .slice(0, maxTextCharacters)
  return program === undefined ? undefined : { program, text }
}

/** Reads the pending messages of a claim that want an answer, in order, as one saying. */
export const readSaid = (reach: Reach): Said => {
  const wanted = reach.claim.pending.filter(({ wantsReply }) => wantsReply)
  const parts = wanted.flatMap((message) => message.parts)
  const lastEvent = eventsOf(reach.claim.pending.flatMap((message) => message.parts)).at(-1)
  const handedOn = handedOnIn(reach.claim.pending)
  const { text, choice } = combine(wanted.map((message) => readPiece(message, reach)))
  return {
    ...(choice === undefined ? readWords(text, reach) : { text, choice }),
    written: wanted
      .filter((message) => !eventsOf(message.parts).some(({ name }) => name === 'choice'))
      .map((message) => textOf(message.parts))
      .join('\n'),
    events: eventsOf(parts).map(({ name }) => name),
    left: lastEvent?.name === 'unsubscribed',
    attachments: parts.flatMap((part) => attachmentOf(part) ?? []),
    sticker: parts.some(isSticker),
    wantsReply: wanted.length > 0,
    forPerson: reach.claim.pending.some(isForPerson),
    ...(handedOn === undefined ? {} : { handedOn }),
  }
}
