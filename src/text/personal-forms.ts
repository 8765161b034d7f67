/** Whether a number is an identity card, a telephone, a bank card or a passport: check digits, dates, words before it. */

const digitsOf = (found: string): string => found.replace(/[^\dXx]/g, '').toUpperCase()

/** GB/T 2260: provinces, and what stands for Hong Kong, Macao, Taiwan and foreigners. */
const provinces = new Set(
  '11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91'.split(
    ' ',
  ),
)

const isDay = (year: number, month: number, day: number): boolean => {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

const isBirthday = (text: string): boolean => {
  const year = Number(text.slice(0, 4))
  return year >= 1880 && year <= 2099 && isDay(year, Number(text.slice(4, 6)), Number(text.slice(6, 8)))
}

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
/** GB 11643: ISO 7064 mod 11-2. */
const hasIdCheckDigit = (digits: string): boolean => {
  const sum = weights.reduce((total, weight, at) => total + weight * Number(digits[at]), 0)
  return '10X98765432'[sum % 11] === digits[17]
}

const idWords = /(?:身份证|身分证|證件|证件|sfz|(?<![a-z])id ?card|identity)[^\d\n]{0,14}$/i

/** Resident identity cards: 18 digits with their check digit, or mistyped behind such a word; old ones of 15 digits. */
export const isIdCard = (found: string, before: string): boolean => {
  const digits = digitsOf(found)
  if (!provinces.has(digits.slice(0, 2))) return false
  if (digits.length === 15) return isBirthday(`19${digits.slice(6, 12)}`)
  return isBirthday(digits.slice(6, 14)) && (hasIdCheckDigit(digits) || idWords.test(before))
}

/** The number of something that is no person: `ID：13912345678`. */
const thingWords =
  /(?:(?<![a-z])id|编号|編號|播放量|播放数|积分|積分|硬币|点赞|粉丝|番号|期号|版本|(?<![a-z])(?:ep|ss|md|au|sid|cid|aid|rid))(?:号|號)?\s*(?:是|为|為|[:：=#＃])?\s*$/i
/** An amount, not a number that is called. */
const amountWords = /^\s?(?:元|块|次|人|个|個|条|條|播放|观看|積分|积分|硬币|b币|点赞|粉丝|ms|毫秒)/i

/** Digits of national numbers by country code; others are not called telephones. */
const abroad: Readonly<Record<string, readonly [least: number, most: number]>> = {
  '1': [10, 10],
  '7': [10, 10],
  '33': [9, 9],
  '34': [9, 9],
  '39': [9, 10],
  '44': [10, 10],
  '49': [9, 11],
  '60': [8, 10],
  '61': [9, 9],
  '62': [9, 11],
  '63': [10, 10],
  '64': [8, 9],
  '65': [8, 8],
  '66': [8, 9],
  '81': [9, 10],
  '82': [8, 10],
  '84': [9, 10],
  '91': [10, 10],
  '852': [8, 8],
  '853': [8, 8],
  '886': [8, 9],
}

const isAbroad = (digits: string): boolean =>
  [1, 2, 3].some((length) => {
    const [least, most] = abroad[digits.slice(0, length)] ?? [0, -1]
    return digits.length - length >= least && digits.length - length <= most
  })

/** A mobile telephone, or one abroad that is written with its country code. */
export const isTelephone = (found: string, before: string, after: string): boolean => {
  if (amountWords.test(after)) return false
  const bare = /^\d{11}$/.test(found)
  if (bare && thingWords.test(before)) return false
  return !found.startsWith('+') || found.startsWith('+86') || isAbroad(digitsOf(found))
}

const phoneWords =
  /(?:电话|電話|座机|座機|固话|传真|傳真|联系|聯繫|联络|致电|拨打|回电|(?<![a-z])(?:tel|phone|fax|call))[^\d\n]{0,10}$/i
const areas = /^0(?:10|2[0-57-9]|[3-9]\d{2})/

/** A landline with its area code. Without anything between the two it needs a word before it. */
export const isLandline = (found: string, before: string): boolean => {
  const digits = digitsOf(found)
  const area = areas.exec(digits)?.[0]
  if (area === undefined) return false
  const number = digits.slice(area.length)
  if (!/^[2-8]\d{6,7}$/.test(number)) return false
  const apart = /^(?:\(0\d{2,3}\)|0\d{2,3}\)|0\d{2,3}[ -])/.test(found) && found.includes(area)
  return apart || phoneWords.test(before)
}

const hasLuhnDigit = (digits: string): boolean => {
  let sum = 0
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at])
    const doubled = digit * 2
    sum += at % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

const cardWords =
  /(?:银行卡|銀行卡|储蓄卡|信用卡|借记卡|工资卡|卡号|卡號|开户行|(?:bank|credit|debit) ?card|card ?(?:number|no\.?))[^\d\n]{0,14}$/i
/** Issuers whose cards are used in China, and how many digits theirs have. */
const issuers = [
  /^62\d{14,17}$/,
  /^60(?:11|13)\d{12,15}$/,
  /^4\d{15}$/,
  /^5[1-5]\d{14}$/,
  /^2(?:22[1-9]|2[3-9]\d|[3-6]\d{2}|7[01]\d|720)\d{12}$/,
  /^3[47]\d{13}$/,
  /^(?:9558|9559|436742|456351)\d{13,15}$/,
]
/** Not in groups, or in groups as they stand on cards. */
const grouped = /^\d+$|^\d{4}(?:[ -]\d{4}){2,3}(?:[ -]\d{1,4})?$|^\d{6} \d{13}$|^3\d{3}[ -]\d{6}[ -]\d{5}$/

/** A bank card: by issuer and check digit, or any number of the length behind such a word. */
export const isBankCard = (found: string, before: string): boolean => {
  if (!grouped.test(found)) return false
  const digits = digitsOf(found)
  if (cardWords.test(before)) return digits.length >= 15
  return hasLuhnDigit(digits) && issuers.some((issuer) => issuer.test(digits))
}

const passportWords = /(?:护照|護照|通行证|通行證|回乡证|台胞证|passport)[^\d\n]{0,14}$/i

/** A passport or travel permit: only behind such a word, because its form is that of many numbers. */
export const isPassport = (found: string, before: string): boolean =>
  passportWords.test(before) && /^(?:[A-Z]{1,2}\d{7,8}|[HMhm]\d{8}(?:\d{2})?)$/i.test(found)

/** Mailboxes of offices, which are there to be written to. */
const offices =
  /^(?:(?:customer)?-?(?:service|support|help|kefu|feedback)|admin|info|contact|no-?reply|do-?not-?reply|postmaster|webmaster|abuse|legal|privacy|security|copyright|jubao|report|press|hr|jobs|sales|business|bd)$/i
/** `logo@2x.png` is a file. */
const fileEndings = /\.(?:png|jpe?g|gif|webp|svg|bmp|js|mjs|css|ts|mp[34]|zip|apk|exe|pdf|docx?|xlsx?|txt)$/i

/** A person's mail address. */
export const isMailAddress = (found: string): boolean =>
  !offices.test(found.slice(0, found.indexOf('@'))) && !fileEndings.test(found)
