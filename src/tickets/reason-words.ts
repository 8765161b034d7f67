import type { DeskLanguage, ReasonCode, StoredReason } from '../core/reason.ts'
import { partWords } from './part-words.ts'

// The pages have the same words for decisions; a test compares them.

type Words = Readonly<Record<ReasonCode, string>>

const zh: Words = {
  'nothing-to-answer': '没有需要回复的内容',
  'person-leads': '人工接待中，机器人不说话',
  'contact-left': '联系人已取消关注',
  'greeted-before': '已经问候过',
  followed: '联系人刚关注',
  opened: '联系人刚打开会话',
  'sticker-only': '只有表情',
  'sticker-again': '连续的表情，不再回复',
  'empty-message': '空消息',
  'event-only': '事件 {events} 不需要回复',
  'chose-person': '联系人选择了找人工',
  'chose-question': '联系人选择了“{question}”',
  'chose-subject': '联系人选择了方向“{subject}”',
  'menu-subjects': '菜单：显示常见方向',
  'menu-text': '菜单的固定文字',
  'option-gone': '选项不存在或已经失效',
  'attachment-for-ticket': '只有{kinds}，补充到工单',
  'attachment-again': '只有{kinds}，机器人看不懂',
  'attachment-only': '只有{kinds}，请联系人用文字说明',
  danger: '可能有人身危险',
  'topic-share': '主题 {topic}，把握 {share}',
  share: '把握 {share}',
  'urgent-topic': '主题 {topic} 要紧急处理',
  'urgent-words': '联系人说的事很紧急',
  'asked-for-person': '联系人要求人工',
  'callback-requested': '联系人要求回电',
  'for-person': '来信不可自动回复，需人工查看',
  angry: '联系人很生气（强度 {strength}，达到 {limit}）',
  'persons-topic': '主题 {topic} 由同事处理',
  'persons-article': '“{question}”由同事处理',
  'article-share': '文章“{question}”的把握 {share}，达到 {limit}',
  chat: '闲聊 {intent}，把握 {share}',
  insult: '辱骂，把握 {share}',
  spam: '垃圾信息，把握 {share}',
  'replied-once': '已经回复过一次',
  'out-of-scope': '不在服务范围的可能 {share}，主题 {topic}',
  'open-ticket': '有未结的工单，机器人没有把握，交回同事',
  vague: '没有说清是什么事（{intent}）',
  'best-below': '最可能的文章把握 {share}，不到 {limit}，请联系人选择',
  'nothing-close': '没有足够接近的文章',
  'failed-turns': '连续 {count} 次没有帮到联系人',
  corrected: '联系人说答错了：问的不是“{question}”',
  'none-fits': '联系人说选项都不对',
  'not-helped': '联系人说没有解决',
  'corrected-again': '联系人第 {count} 次说没有答对',
  'same-answer': '与上一条答案“{question}”相同，没有再发一遍',
  'things-only': '只有{things}，没有说问题',
  'turn-failed': '机器人处理这条消息时多次出错，已转给人工',
  'form-started': '开始填写表单“{form}”',
  'form-question': '表单“{form}”在问 {field}',
  'form-taken': '已记下 {fields}',
  'form-unfit': '{field} 的回答不合要求（连续 {count} 次）',
  'form-required': '{field} 必填，请联系人说明原因',
  'form-skipped': '跳过了 {field}',
  'form-changed': '修改 {field}',
  'form-cancelled': '联系人取消了表单“{form}”',
  'form-complete': '表单“{form}”已填完',
  'form-lapsed': '表单“{form}”没有填完，超过了等待时间',
  'in-context': '接着上一个问题理解',
  'several-questions': '一条消息里有几个问题',
  'closest-question': '最像的问法：“{question}”',
  'same-question': '与已有问法相同',
  'person-words': '要求人工：“{words}”',
  'urgent-phrase': '紧急词：“{words}”（{concern}）',
  'emotion-words': '情绪词：{words}',
  'unknown-words': '多数词语没见过',
  'only-beginning': '消息过长，只读了开头',
}

const en: Words = {
  'nothing-to-answer': 'Nothing in it to answer',
  'person-leads': 'A person leads; the bot stays silent',
  'contact-left': 'The contact has unfollowed',
  'greeted-before': 'Greeted before',
  followed: 'The contact has just followed',
  opened: 'The contact has just opened the chat',
  'sticker-only': 'Only a sticker',
  'sticker-again': 'One sticker after another; no further reply',
  'empty-message': 'Empty message',
  'event-only': 'Event {events} needs no reply',
  'chose-person': 'The contact chose to talk to a person',
  'chose-question': 'The contact chose “{question}”',
  'chose-subject': 'The contact chose the subject “{subject}”',
  'menu-subjects': 'Menu: shows the popular subjects',
  'menu-text': 'Fixed text of the menu',
  'option-gone': 'The option does not exist or no longer counts',
  'attachment-for-ticket': 'Only {kinds}; added to the ticket',
  'attachment-again': 'Only {kinds}; the bot cannot read it',
  'attachment-only': 'Only {kinds}; the contact was asked for words',
  danger: 'Somebody may be in danger',
  'topic-share': 'Topic {topic}, confidence {share}',
  share: 'Confidence {share}',
  'urgent-topic': 'Topic {topic} is urgent',
  'urgent-words': 'What the contact says is urgent',
  'asked-for-person': 'The contact asked for a person',
  'callback-requested': 'The contact asked to be called back',
  'for-person': 'Must not be answered by a machine; a person should look',
  angry: 'The contact is angry (strength {strength}, limit {limit})',
  'persons-topic': 'Topic {topic} is handled by a person',
  'persons-article': '“{question}” is handled by a person',
  'article-share': 'Article “{question}” has confidence {share}, reaches {limit}',
  chat: 'Small talk {intent}, confidence {share}',
  insult: 'Insult, confidence {share}',
  spam: 'Spam, confidence {share}',
  'replied-once': 'Replied once already',
  'out-of-scope': 'Out of scope with probability {share}, topic {topic}',
  'open-ticket': 'A ticket is open and the bot is not sure; back to the colleague',
  vague: 'Did not say what it is about ({intent})',
  'best-below': 'The best article has confidence {share}, below {limit}; the contact is asked to choose',
  'nothing-close': 'No article is close enough',
  'failed-turns': 'The contact was not helped {count} times in a row',
  corrected: 'The contact says this was not the question: “{question}”',
  'none-fits': 'The contact says none of the options fits',
  'not-helped': 'The contact says it did not help',
  'corrected-again': 'Not what was asked, says the contact ({count} times)',
  'same-answer': 'The same answer as the last one, “{question}”; not sent again',
  'things-only': 'Only {things}, without a question',
  'turn-failed': 'The bot failed on this message several times; handed to a person',
  'form-started': 'Form “{form}” begun',
  'form-question': 'Form “{form}” asks for {field}',
  'form-taken': 'Taken: {fields}',
  'form-unfit': 'Answer for {field} does not fit ({count} in a row)',
  'form-required': '{field} is required; the contact is asked why it is missing',
  'form-skipped': '{field} was skipped',
  'form-changed': '{field} is changed',
  'form-cancelled': 'The contact cancelled form “{form}”',
  'form-complete': 'Form “{form}” is complete',
  'form-lapsed': 'Form “{form}” was not finished in time',
  'in-context': 'Understood as going on from the question before',
  'several-questions': 'Several questions in one message',
  'closest-question': 'Closest known question: “{question}”',
  'same-question': 'The same as a known question',
  'person-words': 'Asks for a person: “{words}”',
  'urgent-phrase': 'Urgent words: “{words}” ({concern})',
  'emotion-words': 'Emotional words: {words}',
  'unknown-words': 'Most words are not known',
  'only-beginning': 'Too long; only the beginning was read',
}

/** The words of every reason, by language. */
export const reasonWords: Readonly<Record<DeskLanguage, Words>> = { zh, en }

const listMark: Readonly<Record<DeskLanguage, string>> = { zh: '、', en: ', ' }

/** A reason in words; what was stored as words stays as it is. */
export const writeReason = (reason: StoredReason, language: DeskLanguage): string => {
  if (typeof reason === 'string') return reason
  const values: Readonly<Record<string, string | number>> = reason.values
  const own: Readonly<Record<string, string>> = reasonWords[language]
  // A newer node of the fleet may have stored a reason that this one does not know yet.
  return (own[reason.code] ?? reason.code).replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = String(values[name] ?? whole)
    if (name !== 'kinds') return value
    return value
      .split(',')
      .map((kind) => partWords(kind, language))
      .join(listMark[language])
  })
}
