import type { Decision } from '../core/conversation.ts'
import type { Reason } from '../core/reason.ts'
import { asking, callPerson, decided, questions, silent, subjects, text } from './outcome.ts'
import { giveAnswer } from './give-answer.ts'
import { pressedFollow } from './incident-rules.ts'
import { missed } from './patience.ts'
import type { StickerMood } from './stickers.ts'
import type { Turn } from './turn.ts'

/** Position reports, news of the platform: nothing to say. */
export const nothingToAnswer = (turn: Turn): Decision | undefined =>
  turn.said.wantsReply
    ? undefined
    : silent(turn, 'nothing-to-answer', { code: 'nothing-to-answer', values: {} })

/** While a person leads, the bot keeps quiet. */
export const personLeads = (turn: Turn): Decision | undefined =>
  turn.claim.mode === 'human' && turn.form === undefined
    ? silent(turn, 'person-leads', { code: 'person-leads', values: {} })
    : undefined

/** Nothing reaches a contact who left. */
export const contactLeft = (turn: Turn): Decision | undefined =>
  turn.said.left ? silent(turn, 'contact-left', { code: 'contact-left', values: {} }) : undefined

const isWordless = ({ said }: Turn): boolean =>
  said.text === '' && said.choice === undefined && said.attachments.length === 0 && !said.sticker

const face = (turn: Turn, mood: StickerMood): string => {
  const chosen = turn.sticker(mood)
  return chosen === undefined ? '' : `${chosen} `
}

const greetingOf = (turn: Turn): string => {
  const { greeting, greetingEn } = turn.config
  const own = turn.language() === 'en' ? greetingEn : greeting
  return `${face(turn, 'hello')}${own ?? turn.words().greeting}`
}

/** Greets who followed or opened the chat, once; says that a bot speaks and what it can do. */
export const greeted = (turn: Turn): Decision | undefined => {
  const { events } = turn.said
  const follows = events.includes('subscribed')
  if (!isWordless(turn) || !(follows || events.includes('opened'))) return undefined
  if (!follows && turn.claim.dialogue.greeted)
    return silent(turn, 'greeted-before', { code: 'greeted-before', values: {} })
  const { say, state } = asking(turn, greetingOf(turn), subjects(turn))
  return decided(turn, {
    kind: 'chat',
    rule: 'greeting',
    reasons: [{ code: follows ? 'followed' : 'opened', values: {} }],
    say,
    state: { ...state, greeted: true },
  })
}

/** A sticker alone: a word back, once. */
export const sticker = (turn: Turn): Decision | undefined => {
  const { said, claim } = turn
  if (!said.sticker || said.text !== '' || said.choice !== undefined || said.attachments.length > 0)
    return undefined
  if (claim.dialogue.lastRule === 'sticker')
    return silent(turn, 'sticker', { code: 'sticker-again', values: {} })
  const reply = text(`${face(turn, 'ask')}${turn.words().sticker}`)
  return decided(turn, {
    kind: 'chat',
    rule: 'sticker',
    reasons: [{ code: 'sticker-only', values: {} }],
    say: [reply],
  })
}

/** What else happened needs no answer; nor does a message without anything in it. */
export const otherEvent = (turn: Turn): Decision | undefined => {
  if (!isWordless(turn)) return undefined
  const { events } = turn.said
  const reason: Reason =
    events.length === 0
      ? { code: 'empty-message', values: {} }
      : { code: 'event-only', values: { events: events.join(',') } }
  return silent(turn, 'other-event', reason)
}

/** An option, a menu key, a number or an option's words: does what was chosen. */
export const picked = (turn: Turn): Decision | undefined => {
  const { choice } = turn.said
  if (choice === undefined) return undefined
  const rule = turn.said.events.includes('menu') ? 'menu-key' : 'picked-option'
  switch (choice.to) {
    case 'person':
      return callPerson(turn, { rule, reasons: [{ code: 'chose-person', values: {} }] })
    case 'article':
      return giveAnswer(turn, choice.article, rule, [
        { code: 'chose-question', values: { question: choice.article.question } },
      ])
    case 'about': {
      const { about } = choice
      const articles = turn.library.about(about, turn.config.maxChoices)
      const { say, state } = asking(
        turn,
        turn.words().about(about[turn.language()]),
        questions(turn, articles),
      )
      return decided(turn, {
        kind: 'clarify',
        rule,
        reasons: [{ code: 'chose-subject', values: { subject: about.zh } }],
        say,
        state,
      })
    }
    case 'popular': {
      const { say, state } = asking(turn, greetingOf(turn), subjects(turn))
      const reasons: readonly Reason[] = [{ code: 'menu-subjects', values: {} }]
      return decided(turn, { kind: 'clarify', rule, reasons, say, state: { ...state, greeted: true } })
    }
    case 'text':
      return decided(turn, {
        kind: 'answer',
        rule,
        reasons: [{ code: 'menu-text', values: {} }],
        say: [text(choice.text)],
      })
    case 'incident':
      return pressedFollow(turn, choice.incidentId)
    case 'form':
    case 'unknown':
      return unknownOption(turn)
    default:
      return choice satisfies never
  }
}

const unknownOption = (turn: Turn): Decision => {
  const { offered, lastRule } = turn.claim.dialogue
  return missed(turn, lastRule === 'unknown-option', (state) => {
    const known = offered.filter(({ articleId, topic }) => articleId !== undefined || topic !== undefined)
    const asked = asking(turn, turn.words().unknownOption, known.length > 0 ? known : subjects(turn))
    const reasons: readonly Reason[] = [{ code: 'option-gone', values: {} }]
    const kept = { ...asked.state, ...state }
    return { kind: 'clarify', rule: 'unknown-option', reasons, say: asked.say, state: kept }
  })
}
