import type { Decision } from '../core/conversation.ts'
import { callPerson, decided, text } from './outcome.ts'
import type { Turn } from './turn.ts'
import type { Attachment } from './wording.ts'

const names: Readonly<Record<Attachment, string>> = {
  image: '图片',
  audio: '语音',
  video: '视频',
  file: '文件',
  location: '位置',
  link: '链接',
  unsupported: '未知类型的消息',
}

/**
 * Only what the bot cannot read. First it asks for words; a second time, or while a ticket is open, it goes to a
 * person who can look at it.
 */
export const attachmentOnly = (turn: Turn): Decision | undefined => {
  const { said, claim } = turn
  const [first] = said.attachments
  if (first === undefined || said.text !== '' || said.choice !== undefined) return undefined
  const what = `只有${[...new Set(said.attachments)].map((kind) => names[kind]).join('、')}`
  if (claim.ticket !== undefined)
    return callPerson(turn, { rule: 'attachment-for-ticket', reasons: [`${what}，补充到工单`] })
  if (claim.dialogue.lastRule === 'attachment')
    return callPerson(turn, { rule: 'attachment-again', reasons: [`${what}，机器人看不懂`] })
  return decided(turn, {
    kind: 'clarify',
    rule: 'attachment',
    reasons: [`${what}，请联系人用文字说明`],
    say: [text(turn.words().wordsPlease(first))],
  })
}
