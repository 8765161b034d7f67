import type { Claim } from '../core/conversation.ts'
import type { DecideInput } from '../core/dialogue.ts'
import type { ChannelName } from '../core/message.ts'
import type { Classification } from '../core/understanding.ts'
import type { DialogueConfig } from './config.ts'
import type { Library } from './library.ts'
import { readSaid, type Said } from './said.ts'
import { wordingFor, type SpokenLanguage, type Tone, type Wording } from './wording.ts'

/** Reply texts of an intent; empty when it has none. */
export type Replies = (intent: string, tone: Tone, language: SpokenLanguage) => readonly string[]

/** What every turn stands on. */
export interface Ground {
  readonly config: DialogueConfig
  readonly library: Library
  readonly replies: Replies
  readonly channelOf: (inboxId: string) => ChannelName
}

/** One turn as rules see it. */
export interface Turn {
  readonly claim: Claim
  readonly config: DialogueConfig
  readonly library: Library
  readonly channel: ChannelName
  readonly said: Said
  /** What was understood of the words; undefined when there were none. */
  readonly understood: () => Classification | undefined
  /** The same, but only when a rule has asked before: what the decision really rests on. */
  readonly consulted: () => Classification | undefined
  readonly language: () => SpokenLanguage
  readonly tone: () => Tone
  readonly words: () => Wording
  /** The intent's reply in this language; `sober` never takes the acg tone. */
  readonly reply: (intent: string, sober?: 'sober') => string | undefined
  /** One of several texts: another each turn, the same for the same turn. */
  readonly oneOf: (texts: readonly string[]) => string | undefined
}

const lazy = <Value>(make: () => Value) => {
  let made: { readonly value: Value } | undefined
  return {
    get: (): Value => (made ??= { value: make() }).value,
    peek: (): Value | undefined => made?.value,
  }
}

/** FNV-1a over UTF-16 units. */
const hash = (text: string): number => {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0
  return value
}

/** The language of a turn without words of its own: that of the last words. */
const languageBefore = (text: string | undefined): SpokenLanguage =>
  text !== undefined && /[a-z]/i.test(text) && !/\p{Script=Han}/u.test(text) ? 'en' : 'zh'

const isCheerful = (
  claim: Claim,
  config: DialogueConfig,
  understood: Classification | undefined,
): boolean => {
  const { failedTurns, context } = claim.dialogue
  const isSober = (topic: string | undefined): boolean =>
    topic !== undefined && config.soberTopics.includes(topic)
  if (claim.ticket !== undefined || failedTurns > 0 || isSober(context.lastTopic)) return false
  if (understood === undefined) return true
  return (
    !isSober(understood.topic) &&
    understood.urgency === 'normal' &&
    (understood.emotion === 'neutral' || understood.emotion === 'happy' || understood.emotionStrength === 0)
  )
}

/** Prepares a turn. */
export const createTurn = ({ claim, understood: meaning }: DecideInput, ground: Ground): Turn => {
  const { config, library, replies, channelOf } = ground
  const { persona } = config
  const said = readSaid({ claim, config, library })
  const { context } = claim.dialogue
  const understood = lazy(() => meaning)
  const language = lazy((): SpokenLanguage => {
    const guess = understood.get()?.language
    return guess === undefined ? languageBefore(context.lastText) : guess === 'en' ? 'en' : 'zh'
  })
  const tone = lazy((): Tone =>
    persona.tone === 'acg' && isCheerful(claim, config, understood.get()) ? 'acg' : 'standard',
  )
  const place = hash(claim.conversationId) + (claim.pending.at(-1)?.seq ?? 0)
  const oneOf: Turn['oneOf'] = (texts) => texts[place % Math.max(texts.length, 1)]
  return {
    claim,
    config,
    library,
    channel: channelOf(claim.inboxId),
    said,
    understood: understood.get,
    consulted: understood.peek,
    language: language.get,
    tone: tone.get,
    words: () => {
      const isEnglish = language.get() === 'en'
      const speaker = isEnglish
        ? { name: persona.nameEn, brand: persona.brandEn }
        : { name: persona.name, brand: persona.brand }
      return wordingFor(language.get(), tone.get(), speaker)
    },
    reply: (intent, sober) =>
      oneOf(replies(intent, sober === undefined ? tone.get() : 'standard', language.get())),
    oneOf,
  }
}
