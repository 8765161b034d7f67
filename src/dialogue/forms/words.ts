import type { SlotKind } from '../../core/form.ts'
import type { BothWords } from '../../core/form-progress.ts'
import type { SpokenLanguage } from '../wording.ts'

/** What the bot says around the questions of a form. */
export interface FormWords {
  readonly intro: (why: string, count: number) => string
  readonly noted: (what: readonly string[]) => string
  readonly changed: (label: string, value: string) => string
  readonly askAgain: (label: string) => string
  readonly offered: string
  readonly goOn: string
  readonly mayLack: string
  readonly cannotSkip: (label: string) => string
  readonly stuck: string
  readonly filesKept: (count: number) => string
  readonly filesSeen: string
  readonly first: string
  readonly check: string
  readonly submit: string
  readonly yes: string
  readonly no: string
  readonly skip: string
  readonly notClear: string
  readonly severalNamed: string
  readonly cancelled: string
  readonly cancelledLater: string
  readonly lapsed: (title: string) => string
  readonly gaveUp: string
  readonly leftTool: (title: string) => string
  readonly added: string
  readonly alsoNoted: (question: string) => string
  readonly hints: Readonly<Record<SlotKind, string>>
}

const zh: FormWords = {
  intro: (why, count) =>
    `${why}\n${count === 0 ? '' : `最多 ${count} 个问题，一次答一个；`}随时可以回复“跳过”“上一步”“取消”，或“转人工”。`,
  noted: (what) => `已记下${what.join('、')}。`,
  changed: (label, value) => `已改：${label} ${value}。`,
  askAgain: (label) => `好的，重新填写“${label}”。`,
  offered: '还没有解决的话，可以：',
  goOn: '我们接着填：',
  mayLack: '（没有可以回复“跳过”）',
  cannotSkip: (label) =>
    `“${label}”是处理时要用的。确实没有的话，请说明原因，例如“记不得了”；能提供就直接发来。`,
  stuck: '填不了这一项也没关系：回复“没有”并说明原因可以略过，回复“转人工”由同事来处理，回复“取消”不再填写。',
  filesKept: (count) => `收到 ${count} 个文件，已作为凭证保存。`,
  filesSeen: '文件收到了，同事看得到。',
  first: '这已经是第一个问题了。',
  check: '请核对一下。要改哪一项就选它（或回复“2 改成…”），没有问题就选“提交”：',
  submit: '提交',
  yes: '是',
  no: '不是',
  skip: '跳过',
  notClear: '没有看懂。没有问题请回复“提交”，要修改请回复那一项的序号。',
  severalNamed: '你提到了不止一个，请只告诉我其中一个。',
  cancelled: '好的，已取消，刚才填写的内容不会保留。需要同事帮忙可以说“转人工”。',
  cancelledLater: '好的，不再提问。已经填写的内容同事看得到，会在这里回复你。',
  lapsed: (title) => `“${title}”还没有填完，我先把已有的内容转给同事，不用重新填写。`,
  leftTool: (title) => `好的，“${title}”先不办，什么都没有改动。需要时再说一声，或者回复“转人工”。`,
  gaveUp: '看来这样填写不太方便，我请同事来处理。',
  added: '谢谢，这些内容都已补充到工单里，同事会在这里回复你。',
  alsoNoted: (question) => `“${question}”也由同事处理，我会一并转达。`,
  hints: {
    text: '请用文字说明一下，写一两句就好。',
    choice: '请从下面选一个：',
    'yes-no': '请回复“是”或“不是”：',
    link: '这不像链接。请复制完整的网址（http 开头）或稿件号（BV 开头）发来。',
    video: '这不像稿件号。BV 号以 BV1 开头、共 12 位，在视频页的网址里；也可以发 av 号或视频链接。',
    uid: '这不像 UID。UID 是一串数字，在“我的”页面昵称下方。',
    'live-room': '这不像房间号。房间号是一串数字，在直播间网址的末尾。',
    phone: '这不像电话号码。手机号共 11 位，固定电话请带区号，例如 021-12345678。',
    mail: '这不像邮箱地址，应当类似 name@example.com。',
    order: '这不像订单号。订单号在“我的 → 我的钱包 → 订单记录”里，是一长串数字。',
    date: '没有看出时间，或这一天还没到。请写成“昨天晚上”“11月20日”这样。',
    amount: '没有看出金额。请只写数字，例如 25 或 25.00。',
    evidence: '请直接发图片、截图或文件，也可以发链接。',
  },
}

const en: FormWords = {
  intro: (why, count) =>
    `${why}\n${count === 0 ? '' : `At most ${count} question${count === 1 ? '' : 's'}, one at a time. `}You can always reply "skip", "back", "cancel", or "human agent".`,
  noted: (what) => `Noted: ${what.join(', ')}.`,
  changed: (label, value) => `Changed: ${label} ${value}.`,
  askAgain: (label) => `All right, "${label}" once more.`,
  offered: 'If that does not settle it:',
  goOn: 'Back to the form:',
  mayLack: '(If you have none, reply "skip".)',
  cannotSkip: (label) =>
    `"${label}" is needed to handle this. If you really do not have it, tell me why, e.g. "I don't remember"; otherwise just send it.`,
  stuck:
    'If you cannot answer this, reply "none" with the reason to leave it out, "human agent" for a colleague, or "cancel" to stop.',
  filesKept: (count) => `${count} file${count === 1 ? '' : 's'} received and kept as evidence.`,
  filesSeen: 'Your file arrived; a colleague will see it.',
  first: 'This is the first question already.',
  check: 'Please check. Choose an item to change it (or reply "2 change to …"), or choose "Submit":',
  submit: 'Submit',
  yes: 'Yes',
  no: 'No',
  skip: 'Skip',
  notClear: 'I did not get that. Reply "submit" if all is right, or the number of the item to change.',
  severalNamed: 'You named more than one. Please give me just one of them.',
  cancelled: 'All right, cancelled; what you entered is not kept. For a person, say "human agent".',
  cancelledLater: 'All right, no more questions. A colleague sees what you entered and will reply here.',
  lapsed: (title) =>
    `"${title}" was not finished. I am passing on what there is, so you need not start again.`,
  leftTool: (title) =>
    `All right, "${title}" is left for now, and nothing was changed. Just ask again, or say "human agent".`,
  gaveUp: 'This does not seem to be the easiest way for you. I am asking a colleague to take over.',
  added: 'Thank you. All of it was added to your ticket; a colleague will reply here.',
  alsoNoted: (question) => `"${question}" is handled by a colleague too; I will pass it on.`,
  hints: {
    text: 'Please describe it in a sentence or two.',
    choice: 'Please choose one of these:',
    'yes-no': 'Please reply "yes" or "no":',
    link: 'This does not look like a link. Please send the whole address (starting with http) or a video number (starting with BV).',
    video:
      'This does not look like a video number. It starts with BV1 and has 12 characters; it stands in the address of the video page. An av number or a link works too.',
    uid: 'This does not look like a UID. It is a number below your nickname on the page "Me".',
    'live-room': 'This does not look like a room number. It is the number at the end of the room’s address.',
    phone:
      'This does not look like a telephone number. Please give it with its country code, e.g. +86 138 0013 8000.',
    mail: 'This does not look like a mail address, e.g. name@example.com.',
    order: 'This does not look like an order number. It is the long number under Me, Wallet, Orders.',
    date: 'I see no time in it, or the day has not come yet. Write e.g. "yesterday evening" or "2026-11-20".',
    amount: 'I see no amount in it. Please write the number only, e.g. 25 or 25.00.',
    evidence: 'Please send pictures, screenshots, files or a link.',
  },
}

export const formWords: Readonly<Record<SpokenLanguage, FormWords>> = { zh, en }

const notGiven = (reason: string): BothWords => ({
  zh: reason === '' ? '（跳过）' : `（未提供：${reason}）`,
  en: reason === '' ? '(skipped)' : `(not given: ${reason})`,
})

/** Words of the fields a ticket shows. */
export const fieldWords = {
  notGiven,
  notAnswered: { zh: '（未填写）', en: '(not answered)' },
  files: (count: number): BothWords => ({
    zh: `${count} 个文件`,
    en: `${count} file${count === 1 ? '' : 's'}`,
  }),
  yes: { zh: '是', en: 'yes' },
  no: { zh: '否', en: 'no' },
  also: { zh: '另外问到', en: 'Also asked' },
} as const
