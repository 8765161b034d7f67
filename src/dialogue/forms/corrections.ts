import type { FormSlot, SlotKind } from '../../core/form.ts'
import { readOrdinal } from '../ordinal.ts'
import { answeredSlots, applies, type OpenForm } from './progress.ts'

/** An earlier answer that the contact wants to be another; without a value it is to be asked again. */
export interface Correction {
  readonly slot: FormSlot
  readonly value: string
}

/** What people call an answer, beside its label. */
const kindNames: Readonly<Record<SlotKind, readonly string[]>> = {
  text: [],
  choice: [],
  'yes-no': [],
  link: ['链接', '網址', '网址', 'link', 'url'],
  video: ['稿件号', 'bv号', 'bv', '视频号', '视频链接', 'video'],
  uid: ['uid', '用户id', '账号id'],
  'live-room': ['直播间', '房间号', 'room'],
  phone: ['手机号', '手机', '电话', '电话号码', '號碼', 'phone', 'phone number', 'number'],
  mail: ['邮箱', '信箱', 'mail', 'email'],
  order: ['订单号', '单号', '訂單號', 'order', 'order number'],
  date: ['时间', '日期', '時間', 'date', 'time'],
  amount: ['金额', '金額', '钱数', 'amount'],
  evidence: ['截图', '图片', '凭证', '证据', 'screenshot', 'picture', 'evidence'],
}

const lead =
  '^(?:不对|不對|等等|等一下|抱歉|对不起|不好意思|哦|啊|刚才|剛才|那个|我的|我|把|sorry|wait|oops|no|my|the|[\\s,，。.!！])*'
const wrong = '(?:写|填|打|发|弄|输|说|選|选|寫|發|輸)?(?:错|錯)了?|不对|不對'
const toBe = '(?:应该|應該|应当|其实|正确的)?(?:是|为|為)|改成|改为|改為|换成|更正为'

const patterns: readonly RegExp[] = [
  new RegExp(
    `${lead}(?<what>.{1,16}?)(?:${wrong})[，,。.;；：:\\s]*(?:${toBe})?[：:\\s]*(?<value>.*)$`,
    'isu',
  ),
  new RegExp(
    `${lead}(?<what>.{1,16}?)(?:改成|改为|改為|换成|換成|更正为|更正成|应该是|應該是|应该为)[：:\\s]*(?<value>.+)$`,
    'isu',
  ),
  /^(?:sorry|no|wait|oops|the|my|[,.\s])*(?<what>[a-z0-9 ]{1,24}?) (?:is|was|are) (?:wrong|incorrect|not right)[,.;:\s]*(?:it(?:'s| is| was| should be)|should be)?\s*(?<value>.*)$/isu,
  /^(?:please |pls )?(?:change|correct|update) (?:the |my )?(?<what>.{1,24}?) to (?<value>.+)$/isu,
]
/** An item of the summary by its number: "2 改成…", "2. BV1…", "改2". */
const numbered =
  /^(?:改|修改|edit|change)?\s?(?:第\s?)?(?<what>\d{1,2})(?:个|個|项|項|条|條|题)?(?:[.、:：)）]\s?|\s+)(?<value>.{2,})$/isu

const previous =
  /^(?:上一?(?:个|個|题|題|项|步|条)|刚才(?:的|那个)?|前(?:面|一个)(?:的)?|previous(?: one| answer)?|last(?: one| answer)?)(?:的|答案)*$/iu

const bare = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}]/gu, '')

const namesOf = ({ label, aliases, kind }: FormSlot): readonly string[] =>
  [label.zh, label.en, ...aliases, ...kindNames[kind]].map(bare).filter((name) => name.length > 1)

/** The question that words are about: the previous one, one by its number in the summary, or one by its name. */
const findSlot = (what: string, open: OpenForm): FormSlot | undefined => {
  const name = bare(what).replace(/^(?:我的|我|的|那个|把)+|(?:的|号码)+$/gu, '')
  const answered = answeredSlots(open)
  if (previous.test(what.trim())) {
    const last = open.progress.asked.findLast((one) => one !== open.progress.slot)
    return answered.find((slot) => slot.name === last) ?? answered.at(-1)
  }
  const place = readOrdinal(what)
  if (place !== undefined) return place === 'last' ? answered.at(-1) : answered[place - 1]
  const slots = open.form.slots.filter((slot) => applies(slot, open.progress.answers))
  const known = [...answered, ...slots.filter((slot) => !answered.includes(slot))]
  // The most telling name wins: "侵权链接" is not just any "链接".
  const fits = known.flatMap((slot) =>
    namesOf(slot)
      .filter((own) => name.endsWith(own))
      .map((own) => ({ slot, length: own.length })),
  )
  return fits.toSorted((one, other) => other.length - one.length)[0]?.slot
}

/** Reads "uid 写错了，是 123", "上一个改成…", "change the phone to …"; undefined when it is none of a known answer. */
export const readCorrection = (text: string, open: OpenForm): Correction | undefined => {
  if (text.length > 600) return undefined
  const summary = open.progress.slot === ''
  for (const pattern of summary ? [numbered, ...patterns] : patterns) {
    const { what, value } = pattern.exec(text.trim())?.groups ?? {}
    if (what === undefined) continue
    const slot = findSlot(what, open)
    if (slot !== undefined) return { slot, value: (value ?? '').trim() }
  }
  return undefined
}

/** The item of the summary that a number alone names. */
export const readItem = (text: string, open: OpenForm): FormSlot | undefined => {
  const place = readOrdinal(text.replace(/^(?:改|修改|edit|change)\s?/iu, ''))
  return typeof place === 'number' ? answeredSlots(open)[place - 1] : undefined
}
