import type { BothWords } from '../core/form-progress.ts'
import type { CaseActionKind, CaseDecision, ObjectKind, ReportedObject, Verdict } from '../core/complaint.ts'
import type { PolicyReason } from '../core/complaint-work.ts'

const objectWords: Readonly<Record<ObjectKind, BothWords>> = {
  video: { zh: '视频', en: 'video' },
  article: { zh: '专栏', en: 'article' },
  post: { zh: '动态', en: 'post' },
  user: { zh: '账号 UID', en: 'account UID' },
  'live-room': { zh: '直播间', en: 'live room' },
  comment: { zh: '评论', en: 'comment' },
}

const done: Readonly<Record<Exclude<Verdict, 'no-violation' | 'need-more-evidence'>, BothWords>> = {
  takedown: { zh: '下架', en: 'taken down' },
  restrict: { zh: '限制传播', en: 'restricted' },
  warn: { zh: '警告', en: 'a warning' },
  mute: { zh: '禁言', en: 'muting' },
  'ban-temporary': { zh: '暂时封禁', en: 'a temporary ban' },
  'ban-permanent': { zh: '永久封禁', en: 'a permanent ban' },
}

const name = (object: Pick<ReportedObject, 'kind' | 'id'>): BothWords => ({
  zh: `${objectWords[object.kind].zh} ${object.id}`,
  en: `${objectWords[object.kind].en} ${object.id}`,
})

const named = (objects: readonly ReportedObject[]): BothWords => {
  const names = objects.map(name)
  return {
    zh: names.map(({ zh }) => zh).join('、') || '被投诉的内容',
    en: names.map(({ en }) => en).join(', ') || 'the reported content',
  }
}

const lasting = (hours: number | undefined): BothWords => {
  if (hours === undefined) return { zh: '', en: '' }
  return hours % 24 === 0
    ? { zh: `（${String(hours / 24)} 天）`, en: ` (${String(hours / 24)} days)` }
    : { zh: `（${String(hours)} 小时）`, en: ` (${String(hours)} hours)` }
}

const dateOf = (at: Date): string => at.toISOString().slice(0, 10)

/** What a decision's notices are made of. Nothing of the reporter is among it. */
export interface DecisionFacts {
  readonly objects: readonly ReportedObject[]
  readonly decision: Pick<CaseDecision, 'verdict' | 'hours' | 'toReported'>
  readonly reason: Pick<PolicyReason, 'title' | 'toReported' | 'toReporter'>
  /** Absent: final. */
  readonly appealUntil?: Date
}

const appealWords = (until: Date | undefined): BothWords =>
  until === undefined
    ? { zh: '这是最终结果。', en: 'This is final.' }
    : {
        zh: `如有异议，可以在 ${dateOf(until)} 前申诉，申诉由另一位同事处理。`,
        en: `You can appeal until ${dateOf(until)}; a different colleague will look at it.`,
      }

/** To the one who was reported, about a measure. By what it is made of it cannot tell who complained. */
export const noticeToReported = (
  kind: CaseActionKind,
  { objects, decision, reason, appealUntil }: DecisionFacts,
): BothWords => {
  const what = named(objects)
  if (kind === 'lift')
    return {
      zh: `关于${what.zh}：经复核，此前的处理已撤销。`,
      en: `About ${what.en}: after a review, the earlier measure is withdrawn.`,
    }
  if (kind === 'inform')
    return {
      zh: `关于${what.zh}：经复核，维持此前的处理。这是最终结果。`,
      en: `About ${what.en}: after a review, the earlier measure stands. This is final.`,
    }
  const appeal = appealWords(appealUntil)
  const long = lasting(decision.hours)
  const own = decision.toReported === undefined ? '' : `\n${decision.toReported}`
  return {
    zh: `关于${what.zh}：${reason.toReported.zh}处理结果：${done[kind].zh}${long.zh}。${appeal.zh}${own}`,
    en: `About ${what.en}: ${reason.toReported.en} Measure: ${done[kind].en}${long.en}. ${appeal.en}${own}`,
  }
}

/** To the reporter, about a decision. How exactly somebody else was punished is theirs to know, not the reporter's. */
export const noticeToReporter = (number: number, facts: DecisionFacts): BothWords => {
  const { decision, reason, appealUntil } = facts
  const what = named(facts.objects)
  const appeal = appealWords(appealUntil)
  const acted = decision.verdict !== 'no-violation'
  return {
    zh: `你的投诉 T-${String(number)}（${what.zh}）已有结果。${reason.toReporter.zh}${acted ? '我们已按规则处理。' : ''}${appeal.zh}`,
    en: `Your complaint T-${String(number)} (${what.en}) is decided. ${reason.toReporter.en} ${acted ? 'We acted by the rules. ' : ''}${appeal.en}`,
  }
}

/** To the reporter: what is missing. */
export const noticeOfMissing = (number: number, ask: string): BothWords => ({
  zh: `你的投诉 T-${String(number)} 还需要补充材料：${ask}\n请直接在这里回复或发送文件。`,
  en: `Your complaint T-${String(number)} needs more: ${ask}\nPlease answer or send files right here.`,
})

/** To the reporter: it waits behind others. */
export const noticeOfSlowing: BothWords = {
  zh: '你今天提交的投诉较多，后面的投诉会按顺序排队处理，处理时间可能更长。每一件都会看，无需重复提交。',
  en: 'You have sent many complaints today. Further ones wait in line and may take longer. Each is looked at; there is no need to send it again.',
}

/** To the reporter: the other side objects. For rights, the law has the statement itself passed on. */
export const noticeOfCounterNotice = (
  number: number,
  { objects, statement }: { readonly objects: readonly ReportedObject[]; readonly statement?: string },
): BothWords => {
  const what = named(objects)
  if (statement === undefined)
    return {
      zh: `对方对你的投诉 T-${String(number)}（${what.zh}）的处理结果提出了异议，我们会复核并告诉你结果。`,
      en: `The other side objects to what was decided on your complaint T-${String(number)} (${what.en}). We will review it and tell you.`,
    }
  return {
    zh: `对方就你的投诉 T-${String(number)}（${what.zh}）提交了不侵权声明，转送如下：\n${statement}\n你可以向有关部门投诉或者向人民法院起诉，并把受理通知发给我们；在合理期限内没有收到的，我们将终止所采取的措施。`,
    en: `The other side sent a counter-notice on your complaint T-${String(number)} (${what.en}), which we pass on:\n${statement}\nYou can turn to the authorities or a court; send us proof of it. If none reaches us in reasonable time, the measures end.`,
  }
}

/** To the reporter: the appeal is taken. */
export const noticeOfAppeal = (number: number): BothWords => ({
  zh: `你对投诉 T-${String(number)} 的申诉已收到，由没有参与过此前处理的同事复核。`,
  en: `Your appeal on complaint T-${String(number)} is here. A colleague who had no part in the decision will look at it.`,
})
