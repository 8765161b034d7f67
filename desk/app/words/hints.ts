import { wordsWith } from './index.ts'

/* The words of one part of the desk, in both languages; `en` has exactly the keys of `zh`. */

export const zh = {
  copy: '复制',
  'copy.done': '已复制',
  'copy.failed': '浏览器不让复制，请选中文字后按 Ctrl+C。',
  elsewhere: '换渠道',
  'elsewhere.title': '改从 {name} 发送这条消息？',
  'elsewhere.hint': '会话转到那个渠道，之后的回复也从那里发出。',
  'elsewhere.send': '换渠道并发送',
  'elsewhere.done': '已换渠道，正在发送',
  'elsewhere.moved': '已换渠道，但没有发出去，内容在回复框里。',
  'elsewhere.failed': '没有换渠道，也没有发送。',
  'hints.articles': '建议文章',
  'hints.articles.none': '没有合适的文章。',
  'hints.fill': '填入回复框',
  'hints.fill.named': '把“{question}”的答案填入回复框',
  'hints.filled': '已填入回复框，还没有发送。',
  'hints.open': '打开文章',
  'hints.open.named': '打开文章“{question}”',
  'hints.score': '把握 {percent} %',
  'hints.similar': '相似工单',
  'hints.similar.none': '半年内没有相似的已解决工单。',
  'hints.likeness': '相似 {percent} %',
  'hints.answered': '当时的回复',
  'macro.none': '还没有宏。主管可以在管理页建立。',
  'macro.apply': '执行',
  'macro.will': '会这样改：',
  'macro.undone': '已撤销回复或解决；宏的其他改动还在。',
} as const

export const en: Readonly<Record<keyof typeof zh, string>> = {
  copy: 'Copy',
  'copy.done': 'Copied',
  'copy.failed': 'The browser does not let us copy; select the words and press Ctrl+C.',
  elsewhere: 'Other channel',
  'elsewhere.title': 'Send this message by {name} instead?',
  'elsewhere.hint': 'The conversation goes on there, later replies as well.',
  'elsewhere.send': 'Change and send',
  'elsewhere.done': 'Changed to the other channel, being sent',
  'elsewhere.moved': 'Changed to the other channel, but not sent; the words stand in the field.',
  'elsewhere.failed': 'Neither changed nor sent.',
  'hints.articles': 'Suggested articles',
  'hints.articles.none': 'No article fits.',
  'hints.fill': 'Put into the reply',
  'hints.fill.named': 'Put the answer of “{question}” into the reply',
  'hints.filled': 'It stands in the field and is not sent yet.',
  'hints.open': 'Open the article',
  'hints.open.named': 'Open the article “{question}”',
  'hints.score': '{percent} % sure',
  'hints.similar': 'Similar tickets',
  'hints.similar.none': 'No similar ticket was solved in the last half year.',
  'hints.likeness': '{percent} % alike',
  'hints.answered': 'What was replied',
  'macro.none': 'There are no macros yet. Supervisors make them in the administration.',
  'macro.apply': 'Run',
  'macro.will': 'would change:',
  'macro.undone': 'The reply, or the solving, is taken back; the rest that the macro changed stays.',
}

/** The desk's words and these. */
export const useWords = wordsWith(zh, en)
