import type { Tool, ToolFailure } from '../core/tool.ts'
import type { ToolArguments } from '../core/tool-call.ts'
import type { Spoken } from '../core/understanding.ts'

/** What contacts are told around a tool. Chinese is written simplified here. */
interface ToolWords {
  readonly ask: (title: string, given: string) => string
  /** Before the question, where it is asked once more. */
  readonly tooSoon: string
  readonly yes: string
  readonly no: string
  readonly confirm: string
  readonly cancel: string
  readonly cancelled: (title: string) => string
  readonly expired: string
  readonly done: (title: string) => string
  /** The outcome once more, of what was done. */
  readonly again: (said: string) => string
  readonly unknown: (title: string) => string
  readonly refused: (title: string) => string
  readonly notFound: (given: string) => string
  readonly unavailable: (title: string) => string
  /** It is told to nobody but the contact, and others read along here. */
  readonly inPrivate: (title: string) => string
}

const zh: ToolWords = {
  ask: (title, given) => `要为你办理“${title}”吗？\n${given}\n确认后才会办理，10 分钟内有效。`,
  tooSoon: '你刚才的回复发出时，这个问题还没有送到，所以不算数，请再回复一次。',
  yes: '是',
  no: '否',
  confirm: '确认',
  cancel: '取消',
  cancelled: (title) => `好的，“${title}”没有办理，什么都没有改动。`,
  expired: '这个确认已经失效。如果刚才已经确认过，以那次的结果为准；没有的话，请重新说一下要办什么。',
  done: (title) => `“${title}”已经办好了。`,
  again: (said) => `已办理：${said}`,
  unknown: (title) =>
    `“${title}”可能已经提交，但没有收到结果，我不会重复提交。请稍后核对，或者回复“人工”让同事查看。`,
  refused: (title) => `系统没有受理“${title}”。请核对后再试，或者回复“人工”。`,
  notFound: (given) => `没有查到（${given}）。请核对号码后重新发送，或者回复“人工”。`,
  unavailable: (title) => `现在连不上“${title}”的系统，请过几分钟再试，或者回复“人工”。`,
  inPrivate: (title) => `“${title}”只能私下告诉你：这里别人也看得到。请私聊我，再问一次。`,
}

const en: ToolWords = {
  ask: (title, given) =>
    `Shall I go ahead with “${title}”?\n${given}\nNothing happens before you confirm; valid for 10 minutes.`,
  tooSoon:
    'Your last reply was sent before this question had reached you, so it did not count. Please answer once more.',
  yes: 'yes',
  no: 'no',
  confirm: 'Confirm',
  cancel: 'Cancel',
  cancelled: (title) => `All right: “${title}” was not done, and nothing was changed.`,
  expired:
    'This confirmation is not valid any more. If you have confirmed already, what you were told then holds; otherwise please say again what you need.',
  done: (title) => `“${title}” is done.`,
  again: (said) => `Already done: ${said}`,
  unknown: (title) =>
    `“${title}” may have gone through, but no result came back, and I will not send it twice. Please check later, or write “human” for a colleague.`,
  refused: (title) => `The system did not accept “${title}”. Please check and try again, or write “human”.`,
  notFound: (given) =>
    `Nothing was found for ${given}. Please check the number and send it again, or write “human”.`,
  unavailable: (title) =>
    `The system for “${title}” cannot be reached now. Please try again in a few minutes, or write “human”.`,
  inPrivate: (title) =>
    `“${title}” is told to you alone, and others read along here. Please ask me again in a private chat.`,
}

/** The words of a language. */
export const wordsIn = (spoken: Spoken): ToolWords => (spoken === 'en' ? en : zh)

/** Every word that confirms or cancels, in whatever language it was asked. */
export const confirmWords: ReadonlySet<string> = new Set([
  ...['1', zh.confirm, '確認', '确定', '確定', en.confirm.toLowerCase()],
])
/** Further words that do while a call waits to be confirmed; afterwards they are thanks, or about something else. */
export const yesWords: ReadonlySet<string> = new Set([
  ...['是', '是的', '对', '對', '对的', '對的', '好', '好的', '可以', '行', '嗯', '没错', '沒錯', '同意'],
  ...['yes', 'yep', 'yeah', 'ok', 'okay', 'sure', 'correct'],
])
export const cancelWords: ReadonlySet<string> = new Set([
  ...['2', zh.cancel, en.cancel.toLowerCase()],
  ...[
    '不',
    '不要',
    '不是',
    '不对',
    '不對',
    '不行',
    '不用',
    '不用了',
    '不了',
    '不办了',
    '不辦了',
    '算了',
    '别',
    '別',
  ],
  ...['no', 'nope', 'stop'],
])

/** The arguments as a contact reads them. */
export const listArguments = (given: ToolArguments): string => Object.values(given).map(String).join('，')

/** The same by what each is called, in the order in which the tool asks. */
export const listGiven = ({ form }: Pick<Tool, 'form'>, given: ToolArguments, spoken: Spoken): string => {
  if (form === undefined) return listArguments(given)
  const language = spoken === 'en' ? 'en' : 'zh'
  const words = wordsIn(spoken)
  const unasked = Object.entries(given).filter(([name]) => form.slots.every((slot) => slot.name !== name))
  const asked = form.slots.flatMap(({ name, label, options }): string[] => {
    const value = given[name]
    if (value === undefined) return []
    const option = options.find(({ id }) => id === String(value))?.label[language]
    const truth = value === true ? words.yes : words.no
    const shown = option ?? (typeof value === 'boolean' ? truth : String(value))
    return [`${label[language]}${language === 'en' ? ': ' : '：'}${shown}`]
  })
  return [...asked, ...unasked.map(([, value]) => String(value))].join('\n')
}

/** What a failure means to the contact. */
export const failureWords = (
  words: ToolWords,
  failure: ToolFailure,
  { title, given }: { readonly title: string; readonly given: string },
): string => {
  if (failure === 'not_found') return words.notFound(given)
  if (failure === 'shared') return words.inPrivate(title)
  return failure === 'refused' ? words.refused(title) : words.unavailable(title)
}
