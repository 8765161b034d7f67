import type { Decision } from '../core/conversation.ts'
import { asking, callPerson, decided, giveAnswer, questions, silent, subjects, text } from './outcome.ts'
import { missed } from './patience.ts'
import type { Turn } from './turn.ts'

/** Position reports, news of the platform: nothing to say. */
export const nothingToAnswer = (turn: Turn): Decision | undefined =>
  turn.said.wantsReply ? undefined : silent(turn, 'nothing-to-answer', '没有需要回复的内容')

/** While a person leads, the bot keeps quiet. */
export const personLeads = (turn: Turn): Decision | undefined =>
  turn.claim.mode === 'human' ? silent(turn, 'person-leads', '人工接待中，机器人不说话') : undefined

/** Nothing reaches a contact who left. */
export const contactLeft = (turn: Turn): Decision | undefined =>
  turn.said.left ? silent(turn, 'contact-left', '联系人已取消关注') : undefined

const isWordless = ({ said }: Turn): boolean =>
  said.text === '' && said.choice === undefined && said.attachments.length === 0 && !said.sticker

const face = (turn: Turn): string => {
  const { stickers } = turn.config.persona
  const chosen = turn.tone() === 'acg' && turn.language() === 'zh' ? turn.oneOf(stickers) : undefined
  return chosen === undefined ? '' : `${chosen} `
}

const greetingOf = (turn: Turn): string => {
  const { greeting, greetingEn } = turn.config
  const own = turn.language() === 'en' ? greetingEn : greeting
  return `${face(turn)}${own ?? turn.words().greeting}`
}

/** Greets who followed or opened the chat, once; says that a bot speaks and what it can do. */
export const greeted = (turn: Turn): Decision | undefined => {
  const { events } = turn.said
  const follows = events.includes('subscribed')
  if (!isWordless(turn) || !(follows || events.includes('opened'))) return undefined
  if (!follows && turn.claim.dialogue.greeted) return silent(turn, 'greeted-before', '已经问候过')
  const { say, state } = asking(turn, greetingOf(turn), subjects(turn))
  return decided(turn, {
    kind: 'chat',
    rule: 'greeting',
    reasons: [follows ? '联系人刚关注' : '联系人刚打开会话'],
    say,
    state: { ...state, greeted: true },
  })
}

/** A sticker alone: a word back, once. */
export const sticker = (turn: Turn): Decision | undefined => {
  const { said, claim } = turn
  if (!said.sticker || said.text !== '' || said.choice !== undefined || said.attachments.length > 0)
    return undefined
  if (claim.dialogue.lastRule === 'sticker') return silent(turn, 'sticker', '连续的表情，不再回复')
  const reply = text(`${face(turn)}${turn.words().sticker}`)
  return decided(turn, { kind: 'chat', rule: 'sticker', reasons: ['只有表情'], say: [reply] })
}

/** What else happened needs no answer; nor does a message without anything in it. */
export const otherEvent = (turn: Turn): Decision | undefined => {
  if (!isWordless(turn)) return undefined
  const { events } = turn.said
  return silent(turn, 'other-event', events.length === 0 ? '空消息' : `事件 ${events.join('、')} 不需要回复`)
}

/** An option, a menu key, a number or an option's words: does what was chosen. */
export const picked = (turn: Turn): Decision | undefined => {
  const { choice } = turn.said
  if (choice === undefined) return undefined
  const rule = turn.said.events.includes('menu') ? 'menu-key' : 'picked-option'
  switch (choice.to) {
    case 'person':
      return callPerson(turn, { rule, reasons: ['联系人选择了找人工'] })
    case 'article':
      return giveAnswer(turn, choice.article, rule, [`联系人选择了“${choice.article.question}”`])
    case 'about': {
      const { about } = choice
      const articles = turn.library.about(about, turn.config.maxChoices)
      const { say, state } = asking(
        turn,
        turn.words().about(about[turn.language()]),
        questions(turn, articles),
      )
      return decided(turn, { kind: 'clarify', rule, reasons: [`联系人选择了方向“${about.zh}”`], say, state })
    }
    case 'popular': {
      const { say, state } = asking(turn, greetingOf(turn), subjects(turn))
      const reasons = ['菜单：显示常见方向']
      return decided(turn, { kind: 'clarify', rule, reasons, say, state: { ...state, greeted: true } })
    }
    case 'text':
      return decided(turn, { kind: 'answer', rule, reasons: ['菜单的固定文字'], say: [text(choice.text)] })
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
    const reasons = ['选项不存在或已经失效']
    const kept = { ...asked.state, ...state }
    return { kind: 'clarify', rule: 'unknown-option', reasons, say: asked.say, state: kept }
  })
}
