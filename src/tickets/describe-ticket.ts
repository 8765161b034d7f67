import type { Quotes, TicketBrief } from '../core/conversation.ts'
import type { TicketForm } from '../core/form-progress.ts'
import type { DeskLanguage } from '../core/reason.ts'
import type { Emotion, EntityKind, Urgency } from '../core/understanding.ts'
import { partWords } from './part-words.ts'
import { writeReason } from './reason-words.ts'

interface Words {
  readonly reason: (reason: string) => string
  readonly mood: (mood: string, urgency: string) => string
  readonly strength: (emotion: string, strength: number) => string
  readonly unknownMood: string
  readonly attachments: (list: string) => string
  readonly article: (articleId: string) => string
  readonly entities: (list: string) => string
  readonly entityKinds: Readonly<Record<EntityKind, string>>
  readonly form: (title: string, complete: boolean) => string
  readonly field: (label: string, value: string) => string
  readonly said: string
  readonly answered: string
  readonly heading: (heading: string, earlier: number) => string
  readonly listMark: string
  readonly emotions: Readonly<Record<Emotion, string>>
  readonly urgencies: Readonly<Record<Urgency, string>>
}

const zh: Words = {
  reason: (reason) => `转人工原因：${reason}`,
  mood: (mood, urgency) => `情绪：${mood}；紧急程度：${urgency}`,
  strength: (emotion, strength) => `${emotion}（强度 ${strength}/3）`,
  unknownMood: '未知',
  attachments: (list) => `附件：${list}`,
  article: (articleId) => `最近的文章：${articleId}`,
  entities: (list) => `提到的内容：${list}`,
  entityKinds: {
    video: '视频',
    article: '专栏',
    'live-room': '直播间',
    uid: 'UID',
    order: '订单号',
    phone: '电话',
    mail: '邮箱',
    link: '链接',
    'short-link': '短链接',
  },
  form: (title, complete) => `表单“${title}”${complete ? '' : '（没有填完）'}：`,
  field: (label, value) => `${label}：${value}`,
  said: '联系人说了',
  answered: '已经回复',
  heading: (heading, earlier) => `${heading}${earlier > 0 ? `（前面还有 ${earlier} 条）` : ''}：`,
  listMark: '、',
  emotions: { neutral: '平静', happy: '愉快', sad: '难过', anxious: '着急', angry: '生气' },
  urgencies: { normal: '普通', high: '较急', urgent: '紧急' },
}

const en: Words = {
  reason: (reason) => `Why a person: ${reason}`,
  mood: (mood, urgency) => `Mood: ${mood}; urgency: ${urgency}`,
  strength: (emotion, strength) => `${emotion} (strength ${strength}/3)`,
  unknownMood: 'unknown',
  attachments: (list) => `Attachments: ${list}`,
  article: (articleId) => `Last article: ${articleId}`,
  entities: (list) => `Named: ${list}`,
  entityKinds: {
    video: 'video',
    article: 'article',
    'live-room': 'live room',
    uid: 'UID',
    order: 'order',
    phone: 'phone',
    mail: 'mail',
    link: 'link',
    'short-link': 'short link',
  },
  form: (title, complete) => `Form “${title}”${complete ? '' : ' (not finished)'}:`,
  field: (label, value) => `${label}: ${value}`,
  said: 'The contact said',
  answered: 'Answered',
  heading: (heading, earlier) => `${heading}${earlier > 0 ? ` (${earlier} more before)` : ''}:`,
  listMark: ', ',
  emotions: { neutral: 'calm', happy: 'happy', sad: 'sad', anxious: 'anxious', angry: 'angry' },
  urgencies: { normal: 'normal', high: 'high', urgent: 'urgent' },
}

const words: Readonly<Record<DeskLanguage, Words>> = { zh, en }

const quoted = (heading: string, { earlier, lines }: Quotes, { heading: write }: Words): readonly string[] =>
  lines.length === 0 ? [] : [write(heading, earlier), ...lines.map((line, place) => `${place + 1}. ${line}`)]

const answersOf = ({ title, complete, fields }: TicketForm, language: DeskLanguage): readonly string[] => {
  const { form, field } = words[language]
  return [
    form(title[language], complete),
    ...fields.map(({ label, value }) => `· ${field(label[language], value[language])}`),
  ]
}

/** Characters of a title. */
const maxTitle = 40

const titleOf = ({ title, subject }: TicketForm, language: DeskLanguage): string => {
  const whole = subject === undefined ? title[language] : words[language].field(title[language], subject)
  const characters = Array.from(whole)
  return characters.length <= maxTitle ? whole : `${characters.slice(0, maxTitle - 1).join('')}…`
}

/** A ticket's title, summary and reason in a language; what people said stays in theirs. */
export const describeTicket = (
  brief: TicketBrief,
  language: DeskLanguage,
): { readonly title: string; readonly summary: string; readonly reason: string } => {
  const own = words[language]
  const reason = writeReason(brief.reason, language)
  const attachments = brief.attachments
    .map(({ kind, count }) => `${partWords(kind, language)} ${count}`)
    .join(own.listMark)
  const { mood, articleId, entities = [] } = brief
  const named = entities.map(({ kind, value }) => `${own.entityKinds[kind]} ${value}`).join(own.listMark)
  const emotion = mood === undefined ? own.unknownMood : own.emotions[mood.emotion]
  const feeling =
    mood === undefined || mood.emotion === 'neutral' ? emotion : own.strength(emotion, mood.strength)
  const summary = [
    own.reason(reason),
    own.mood(feeling, own.urgencies[brief.urgency]),
    ...(attachments === '' ? [] : [own.attachments(attachments)]),
    ...(articleId === undefined ? [] : [own.article(articleId)]),
    ...(named === '' ? [] : [own.entities(named)]),
    ...(brief.forms ?? []).flatMap((form) => answersOf(form, language)),
    ...quoted(own.said, brief.said, own),
    ...quoted(own.answered, brief.answered, own),
  ].join('\n')
  const form = brief.forms?.[0]
  const title = form === undefined ? brief.title : titleOf(form, language)
  return { title: title ?? (attachments === '' ? reason : `[${attachments}]`), summary, reason }
}
