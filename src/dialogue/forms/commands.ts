/** What a contact can tell a form instead of an answer. */
export type Command =
  | { readonly to: 'cancel' | 'back' | 'submit' }
  /** `reason`: why, where it was said; `given` false: the contact has none rather than wants to skip. */
  | { readonly to: 'skip'; readonly reason: string }
  | { readonly to: 'none'; readonly reason: string }

const bare = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}\p{S}]/gu, '')

/** Politeness around a command. */
const wrapped = (words: string): RegExp =>
  new RegExp(
    `^(?:我|要|想|请|請|帮我|就|那|please|i|want|to|just)*(?:${words})(?:吧|了|呢|啊|谢谢|謝謝|please|thanks)*$`,
    'u',
  )

const cancel = wrapped(
  '取消(?:填写|表单|投诉|反馈|申请|申诉)?|不(?:想)?填|不(?:想)?(?:投诉|反馈|举报|申诉|提)|算了?|不用了?|不需要了?|退出|停止|不弄|cancel(?:it|this|form)?|stop|quit|exit|nevermind|forgetit|abort',
)
const back = wrapped(
  '上一(?:步|个|個|题|題|项)|返回|回到上一(?:步|题)|后退|back|goback|previous(?:question|one)?',
)
const submit = wrapped(
  '提交|确认(?:提交|无误)?|確認(?:提交|無誤)?|没(?:有)?(?:问题|错)|沒(?:有)?(?:問題|錯)|对的?|對的?|是的?|好的?|可以|行|嗯+|无误|無誤|ok|okay|y|yes|yep|submit|send|confirm|correct|looksgood|right|fine',
)
const none = wrapped(
  '没有?|沒有?|无|無|暂无|暂时没有|不知道|不清楚|忘记?|记不(?:得|清|住)|不记得|不記得|没印象|none|no|nope|na|noidea|idontknow|dontknow|iforgot|forgot|dontremember|idontremember|nothing|ihavenone|donthaveone|idonthaveone',
)
const skip =
  /^(?:跳过|跳過|略过|略過|下一(?:题|題|个|個)|skip(?: it| this)?|pass|next)(?:吧|这题|這題|这个)?(?:[\s,，。.:：;；!！、-]+(?<reason>.{2,200}))?[\s。.!！]*$/iu

/** The command a text is and nothing else; undefined for anything that may be an answer. */
export const readCommand = (text: string): Command | undefined => {
  const words = text.normalize('NFKC').trim()
  if (words === '' || words.length > 240) return undefined
  const skipped = skip.exec(words)
  if (skipped !== null) return { to: 'skip', reason: (skipped.groups?.['reason'] ?? '').trim() }
  const plain = bare(words)
  if (plain === '' || plain.length > 30) return undefined
  if (cancel.test(plain)) return { to: 'cancel' }
  if (back.test(plain)) return { to: 'back' }
  if (none.test(plain)) return { to: 'none', reason: words }
  if (submit.test(plain)) return { to: 'submit' }
  return undefined
}

const yes = wrapped('是的?|对的?|對的?|有的?|会|會|好的?|可以|要|嗯+|确实|yes|yep|yeah|y|sure|ok')
const no = wrapped('不是|没有?|沒有?|无|無|不会|不會|不要|不用|不可以|否|no|nope|n')

/** A plain yes or no. */
export const readYesNo = (text: string): 'yes' | 'no' | undefined => {
  const plain = bare(text)
  if (plain.length > 20) return undefined
  if (no.test(plain)) return 'no'
  return yes.test(plain) ? 'yes' : undefined
}
