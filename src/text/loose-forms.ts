/**
 * What identifies a person though it is written as no form has it: numbers with gaps, addresses with blanks, codes behind
 * the name of what they belong to. For texts from which too much may be taken, because it is put back.
 */

/** A kind and the place of what is of it. */
export interface LooseSpan {
  readonly kind: 'NUMBER' | 'MAIL' | 'LINK' | 'ACCOUNT' | 'ORDER'
  readonly start: number
  readonly end: number
}

interface LooseForm {
  readonly kind: LooseSpan['kind']
  /** Global and linear; its group `id` is what is taken, else all of it. */
  readonly pattern: RegExp
  readonly holds?: (found: string) => boolean
}

/** Days and years, which are not whose they are. */
const days =
  /(?:19|20)\d{2}[ -](?:0?[1-9]|1[0-2])[ -](?:[12]\d|3[01]|0?[1-9])(?!\d)|(?<!\d)(?:19|20)\d{2}(?!\d)/g

/** Told by how it begins, by a blank behind every digit, or by brackets around its area code: else it is a range or a list. */
const isNumber = (found: string): boolean => {
  const digits = found.replace(/\D/g, '')
  if (/^\d(?:[ \u3000-]\d){6,}$/.test(found)) return true
  if (/^(?:\+|0|\(\d{2,4}\)[^(]*$)/.test(found)) return digits.length >= 8
  return digits.length >= 11 && /^(?:86)?1[3-9]/.test(found.replace(days, '').replace(/\D/g, ''))
}

/** What is no day and no range. */
const isOrder = (found: string): boolean => /\d/.test(found.replace(days, '')) && !/^\d+-\d+$/.test(found)

const is = '(?: ?(?:是|为|為|叫|[:：=]|is(?![a-z0-9])))'
/** A name as WeChat has them; with a digit or a sign, else it is a word. */
const handle = '(?<id>(?=[a-z]{0,19}[\\d_-])[a-z][a-z0-9_-]{4,19})(?![a-z0-9_-])'
/** Of letters alone, too, where only a handle can follow; these are not anybody's. */
const anyHandle =
  '(?!(?:bilibili|official|private|public|unknown|youtube|password|account|blocked|banned)(?![a-z0-9_-]))(?<id>[a-z][a-z0-9_-]{5,19})(?![a-z0-9_-])'
/** A line that says nothing else: of letters alone, what stands on the next line may be a word of a sentence. */
const wholeLine = '@?[a-z0-9_-]{6,20}[^\\S\\r\\n]{0,9}$'
/** Where no word stands before it: systems, devices, versions, codes of errors and works look like handles. */
const plainHandle =
  '(?![a-z]{1,10}-?(?:\\d[a-z]|\\d{1,2}(?:pro|max|ultra|plus|mini|se)?)(?![a-z0-9_-])|[a-z]{2,8}_(?:os|id|key|code|token|url)(?![a-z0-9_-])|[a-z]\\d{1,3}(?:pro|max|ultra|plus|mini)?(?![a-z0-9_-])|(?:err|error|errcode|code|http|ep|ss|md|av|bv|cv|level|x)[_-]?\\d|h5[_-])(?<id>(?=[a-z-]{0,19}[\\d_])[a-z][a-z0-9_-]{4,19})(?![a-z0-9_-])'
/** Endings of addresses that are no endings of files and no words. */
const endings =
  'com|cn|net|org|edu|gov|io|me|tv|cc|top|xyz|site|online|shop|vip|club|info|app|dev|co|de|jp|uk|us|ru|hk|tw|kr|fr|eu|ly|gg|im|link|moe'

const forms: readonly LooseForm[] = [
  {
    kind: 'MAIL',
    pattern:
      /(?<![\w.+-])[\w.+-]{1,64}(?: {1,2}@ {1,2}|@ {0,2})[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}(?![\w-])/gi,
  },
  {
    kind: 'MAIL',
    pattern: new RegExp(
      `(?<![\\w.+-])[\\w.+-]{1,64} {0,2}@ {0,2}[a-z0-9-]{1,63}(?: {0,2}\\. {0,2}[a-z0-9-]{1,63}){0,3} {0,2}\\. {0,2}(?:${endings})(?![\\w-])`,
      'gi',
    ),
  },
  {
    kind: 'NUMBER',
    pattern: /(?<![\w.])(?:[+(] ?)?\d(?:[ \u3000()-]{0,3}\d){6,31}(?!\w)/g,
    holds: isNumber,
  },
  {
    kind: 'LINK',
    pattern: new RegExp(
      `(?<![\\w.@/-])(?:[a-z0-9-]{1,63}\\.){1,5}(?:${endings})(?::\\d{1,5})?/[!-;=?-~]{1,2000}`,
      'gi',
    ),
  },
  {
    kind: 'ACCOUNT',
    pattern: new RegExp(
      `(?:(?:微信|支付宝|支付寶|抖音|微博)(?:号码|號碼|号|號|账号|帳號|名)? ?(?:id)?|(?<![a-z])(?:wechat|weixin|alipay|telegram|vx|wx)(?: ?id)?|(?<![a-z])line ?id)${is}{1,2}\\s{0,3}@?${handle}`,
      'gi',
    ),
  },
  {
    kind: 'ACCOUNT',
    pattern: new RegExp(
      `(?:(?:微信|抖音)(?:号|號)|(?:加我?|我的?)(?:vx|wx|微信)|(?<![a-z])telegram @)${is}?\\s{0,3}@?${handle}`,
      'gi',
    ),
  },
  {
    kind: 'ACCOUNT',
    pattern: new RegExp(
      `(?:微信|抖音)(?:号码|號碼|号|號)(?:(?:是|为|為)? ?[:：](?:[^\\S\\r\\n]{0,3}|\\s{1,3}(?=${wholeLine}))|是|为|為)?@?${anyHandle}`,
      'gim',
    ),
  },
  {
    kind: 'ACCOUNT',
    pattern: new RegExp(
      `(?:(?:微信|抖音)[\\s，,]{0,3}@?|(?<![a-z])(?:wechat|weixin|vx|wx)(?:\\s{1,3}|\\s{0,3}@))${plainHandle}`,
      'gi',
    ),
  },
  { kind: 'ACCOUNT', pattern: /(?<![a-z0-9_-])wxid_[a-z0-9]{5,30}(?![a-z0-9])/gi },
  {
    kind: 'ACCOUNT',
    pattern: new RegExp(
      `(?:(?<![a-z])qq(?:号|號|群)?|(?:扣扣|企鹅)(?:号|號)?)${is}{0,2} ?(?<id>[1-9]\\d{4,11})(?!\\d)`,
      'gi',
    ),
  },
  {
    kind: 'ORDER',
    pattern: new RegExp(
      `(?:(?:订单|訂單|快递单|快遞單)(?:号码|號碼|编号|編號|号|號)|(?:单号|單號|流水号|流水號|交易号|交易號)|(?<![a-z])(?:order|tracking) ?(?:number|no\\.?|id|#))${is}{0,2} ?(?<id>(?=[a-z-]{0,12}\\d)[a-z0-9-]{5,40})(?![a-z0-9])`,
      'gi',
    ),
    holds: isOrder,
  },
]

/** Everything of these forms in a text whose wide letters and digits are narrow. Pure, linear in its length. */
export const findLoose = (plain: string): readonly LooseSpan[] =>
  forms.flatMap(({ kind, pattern, holds = () => true }) =>
    Array.from(plain.matchAll(pattern)).flatMap((match) => {
      const id = match.groups?.['id'] ?? match[0]
      const end = match.index + match[0].length
      return holds(id) ? [{ kind, start: end - id.length, end }] : []
    }),
  )
