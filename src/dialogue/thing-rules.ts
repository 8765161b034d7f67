import type { Decision } from '../core/conversation.ts'
import type { Entity } from '../core/understanding.ts'
import { findEntities } from '../text/index.ts'
import { callPerson, remember, text } from './outcome.ts'
import { missed } from './patience.ts'
import type { Turn } from './turn.ts'

/** Words around a thing that ask nothing: "这个", "我的 UID 是 …", "麻烦看下". */
const pointing =
  /我的?|你们?|帮忙?|麻烦|请|一下|看看?|下|这个|這個|这|這|那个|那|就是|是|的|给|給|在|发|發|链接|鏈接|连接|网址|地址|视频|視頻|稿件|专栏|專欄|直播间|直播間|房间|号|號|订单|訂單|编号|电话|電話|手机|手機|邮箱|郵箱|账号|賬號|here|this|is|my|the|link|video|it|look|at|please|id|no|number|order|phone|mail|email|uid|[^\p{L}\p{N}]/giu

/** What a text names when it says nothing else. */
const thingsAlone = (words: string): readonly Entity[] => {
  const entities = findEntities(words)
  if (entities.length === 0) return []
  const rest = entities.reduceRight(
    (left, { start, end }) => `${left.slice(0, start)} ${left.slice(end)}`,
    words,
  )
  return rest.replace(pointing, '') === '' ? entities : []
}

/**
 * A link, a number or an id alone is no question: asks what it is about, and keeps it. To an open ticket it goes to the
 * person who knows the matter.
 */
export const thingsOnly = (turn: Turn): Decision | undefined => {
  const { said, claim } = turn
  const things = said.correction === undefined ? thingsAlone(said.text) : []
  if (things.length === 0) return undefined
  const kinds = [...new Set(things.map(({ kind }) => kind))]
  const reasons = [{ code: 'things-only', values: { things: kinds.join(', ') } }] as const
  if (claim.ticket !== undefined) return callPerson(turn, { rule: 'things-for-ticket', reasons })
  const words = turn.words()
  const names = [...new Set(kinds.map((kind) => words.things[kind]))]
  return missed(turn, claim.dialogue.lastRule === 'things-only', (state) => ({
    kind: 'clarify',
    rule: 'things-only',
    reasons,
    say: [text(words.thingNoted(names.join(turn.language() === 'en' ? ', ' : '、')))],
    state: { ...state, ...(claim.dialogue.context.lastText === undefined ? keepName(turn, names) : {}) },
  }))
}

/** What comes next is about the thing: "为什么下架了" leans on "视频". */
const keepName = (turn: Turn, names: readonly string[]) => {
  const kept = remember(turn)
  return { context: { ...kept.context, lastText: names.join(' ') } }
}
