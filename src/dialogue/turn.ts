import type { Claim } from '../core/conversation.ts'
import type { DecideInput } from '../core/dialogue.ts'
import type { RecogniseSuggestions } from '../core/feedback.ts'
import type { IncidentAtHand } from '../core/incident-turn.ts'
import type { ChannelName } from '../core/message.ts'
import type { HelpSoFar } from '../core/model-help.ts'
import type { SurveyReading } from '../core/survey.ts'
import type { Candidate, Classification, Spoken } from '../core/understanding.ts'
import type { DialogueConfig } from './config.ts'
import type { FormBook } from './forms/form-book.ts'
import type { OpenForm } from './forms/progress.ts'
import { readForm } from './forms/read-form.ts'
import type { Library } from './library.ts'
import { rejectedIn } from './turned-down.ts'
import { readSaid, type Said } from './said.ts'
import { spokenIn } from './spoken.ts'
import { facesOf, type StickerMood } from './stickers.ts'
import { wordingFor, type SpokenLanguage, type Tone, type Wording } from './wording.ts'

/** Reply texts of an intent; empty when it has none. */
export type Replies = (intent: string, tone: Tone, language: SpokenLanguage) => readonly string[]

/** What every turn stands on. */
export interface Ground {
  readonly config: DialogueConfig
  readonly library: Library
  readonly forms: FormBook
  readonly replies: Replies
  readonly channelOf: (inboxId: string) => ChannelName
  readonly suggestions: RecogniseSuggestions
  readonly surveys: SurveyReading
}

/** One turn as rules see it. */
export interface Turn {
  readonly claim: Claim
  readonly config: DialogueConfig
  readonly library: Library
  readonly forms: FormBook
  /** The form the contact is filling in. */
  readonly form: OpenForm | undefined
  readonly now: Date
  readonly channel: ChannelName
  readonly said: Said
  /** Open incidents of this channel. */
  readonly incidents: readonly IncidentAtHand[]
  /** What a language model did for this turn; undefined: there is none. */
  readonly help: HelpSoFar | undefined
  /** Finds suggestions in words. */
  readonly suggestions: RecogniseSuggestions
  /** Reads answers to surveys. */
  readonly surveys: SurveyReading
  /** What was understood of the words; undefined when there were none. */
  readonly understood: () => Classification | undefined
  /** The same, but only when a rule has asked before: what the decision really rests on. */
  readonly consulted: () => Classification | undefined
  readonly language: () => SpokenLanguage
  /** The same with the script: how the contact writes in this conversation. */
  readonly spoken: () => Spoken
  readonly tone: () => Tone
  readonly words: () => Wording
  /** A face that goes with a cheerful message on this channel; undefined: none. */
  readonly sticker: (mood: StickerMood) => string | undefined
  /** Part of a greater message: no opening, closing or face of its own. */
  readonly unframed?: true
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
    understood.abuse === undefined &&
    (understood.emotion === 'neutral' || understood.emotion === 'happy' || understood.emotionStrength === 0)
  )
}

/** Below the answer threshold by this: what is left after a correction is asked about, not given. */
const justBelow = 0.01

/** What was understood without articles that are out of the running: the others share out their chances. */
const without = (understood: Classification, rejected: readonly string[], answer: number): Classification => {
  const isOut = ({ articleId }: Candidate): boolean => rejected.includes(articleId)
  // Whoever asks in the very words of a known question means it.
  const isMeant = understood.reasons.some(
    (reason) => typeof reason !== 'string' && reason.code === 'same-question',
  )
  const out = isMeant ? [] : understood.candidates.filter(isOut)
  if (out.length === 0) return understood
  const left = Math.max(0.05, 1 - out.reduce((sum, { score }) => sum + score, 0))
  const ceiling = Math.max(0, answer - justBelow)
  const candidates = understood.candidates
    .filter((one) => !isOut(one))
    .map((one) => ({ ...one, score: Math.max(one.score, Math.min(ceiling, one.score / left)) }))
  return { ...understood, candidates }
}

const speakerOf = ({ name, brand, nameEn, brandEn }: DialogueConfig['persona'], language: SpokenLanguage) =>
  language === 'en' ? { name: nameEn, brand: brandEn } : { name, brand }

/** Prepares a turn. */
export const createTurn = (
  { claim: given, understood: meaning, incidents = [], help, now }: DecideInput,
  ground: Ground,
): Turn => {
  const { config, library, forms, replies, channelOf, suggestions, surveys } = ground
  const { claim, form } = readForm(given, forms, now)
  const { persona } = config
  const said = readSaid({ claim, config, library })
  const { context } = claim.dialogue
  const understood = lazy((): Classification | undefined =>
    meaning === undefined
      ? undefined
      : without(meaning, rejectedIn({ claim, said }), config.thresholds.answer),
  )
  const spoken = lazy((): Spoken =>
    spokenIn({
      written: said.written,
      guess: understood.get()?.language,
      before: claim.dialogue.spoken,
      lastText: context.lastText,
    }),
  )
  const language = lazy(
    (): SpokenLanguage => form?.progress.language ?? (spoken.get() === 'en' ? 'en' : 'zh'),
  )
  const tone = lazy((): Tone =>
    persona.tone === 'acg' && isCheerful(claim, config, understood.get()) ? 'acg' : 'standard',
  )
  const place = hash(claim.conversationId) + (claim.pending.at(-1)?.seq ?? 0)
  const oneOf: Turn['oneOf'] = (texts) => texts[place % Math.max(texts.length, 1)]
  return {
    claim,
    config,
    library,
    forms,
    form,
    now,
    channel: channelOf(claim.inboxId),
    said,
    incidents,
    help,
    suggestions,
    surveys,
    understood: understood.get,
    consulted: understood.peek,
    language: language.get,
    spoken: spoken.get,
    tone: tone.get,
    words: () => wordingFor(language.get(), tone.get(), speakerOf(persona, language.get())),
    sticker: (mood) =>
      tone.get() === 'acg' && language.get() === 'zh'
        ? oneOf(facesOf(persona.stickers, channelOf(claim.inboxId), mood))
        : undefined,
    reply: (intent, sober) =>
      oneOf(replies(intent, sober === undefined ? tone.get() : 'standard', language.get())),
    oneOf,
  }
}
