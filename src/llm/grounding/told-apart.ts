import { deniedIn } from './denials.ts'
import { isMoment, numbersIn } from './numbers.ts'
import { plain } from './read.ts'

/** Things of which one in another's place makes a false sentence of a true one. */
const things =
  /成功|失败|买家|卖家|商家|线上|线下|国内|海外|境内|境外|显示|隐藏|添加|删除|绑定|解绑|登录|退出|安卓|苹果|电脑|平板|电视|网页|邮箱|手机|短信|微信|支付宝|银行卡|信用卡|话费|本人|他人|左(?!右)|(?<!左)右/gu

/** Those of a text. */
export const toldApart = (text: string): readonly string[] =>
  plain(text).replace(/\s+/gu, '').match(things) ?? []

/** How often, which day, which part of it, which corner; and what lies before or after some time. */
const momentsIn = (text: string): readonly string[] =>
  [...numbersIn(text)].flatMap((found) => {
    if (isMoment(found)) return [found.replace(/^every /u, '每').replace(/^[a-z]+ /u, '')]
    return / (?:前|后|before|after)$/u.test(found) ? [found] : []
  })

/** Greetings name times of day that mean none. */
const wishes = /(?:早上|上午|中午|下午|晚上)好|祝[^，。！!]{0,12}/gu

/** What a text says no to, when, and of what: as it is named, by what it is compared by. */
const meaningOf = (text: string): ReadonlyMap<string, string> =>
  new Map([
    ...deniedIn(text),
    ...[...toldApart(text), ...momentsIn(text.replace(wishes, ''))].map((found) => [found, found] as const),
  ])

const missing = (own: ReadonlyMap<string, string>, known: ReadonlyMap<string, string>): readonly string[] =>
  [...own].flatMap(([key, name]) => (known.has(key) ? [] : [name]))

/** What two wordings of one language do not have in common of that. Politeness is no difference: 请查看, 您可以查看. */
export const turnedRound = (
  source: string,
  written: string,
): { readonly lost: readonly string[]; readonly added: readonly string[] } => {
  const [before, after] = [meaningOf(source), meaningOf(written)]
  return { lost: missing(before, after), added: missing(after, before) }
}
