import { narrow } from '../core/narrow.ts'
import type { Entity, EntityKind } from '../core/understanding.ts'

/** One way in which something is named. `pattern` is global and linear; its group `id` is the value, else all of it. */
interface Form {
  readonly kind: EntityKind
  readonly pattern: RegExp
  readonly value?: (found: string) => string
}

/** Most of a text that is read, in UTF-16 units, and most things that are found in it. */
const maxLength = 20_000
const maxEntities = 40

/** Hosts that only lead elsewhere. */
const shorteners =
  'b23\\.tv|bili\\d{2,4}\\.cn|t\\.cn|url\\.cn|dwz\\.cn|suo\\.(?:im|nz)|v\\.douyin\\.com|t\\.co|bit\\.ly|tinyurl\\.com'
const scheme = '(?:https?:\\/\\/)?'
const host = (name: string): string => `(?<![\\w.@/-])${scheme}${name}`
const path = '[!-;=?-~]'
/** What a question, an anchor or further steps add to an address. */
const tail = `(?:[/?#]${path}{0,500})?`
const lone = '(?![a-z0-9])'

const bv = 'BV1[1-9A-HJ-NP-Za-km-z]{9}'
/** Latin words right before a digit that are none of the number. */
const glued = '(?<=[号號#＃])(?:id|no|number|is)(?=\\d)|(?<=(?:id|no|number) )is(?=\\d)'
/**
 * Words between a name and its number: "订单号是：". Latin ones stand by themselves, or before a digit and right behind the
 * name, 号 or # ("订单ID123456", "订单号no123456", "order number is123456"): else they begin the number ("订单号 NONE000001").
 */
const link = `(?: ?(?:id|no|number)(?=\\d))?(?: ?(?:号码|號碼|编号|編號|号|號|是|为|為|[:：#＃]|${glued}|(?:id|no|number|is)(?![a-z0-9])\\.?)){0,4} ?`

const videoId = (found: string): string =>
  found.slice(0, 2).toLowerCase() === 'bv' ? `BV${found.slice(2)}` : found.toLowerCase()
const digitsOf = (found: string): string => found.replace(/[^\d+]/g, '')
const mobileOf = (found: string): string => digitsOf(found).replace(/^\+?86(?=1\d{10}$)/, '')

/** In order of precedence where two stand at the same place. */
const forms: readonly Form[] = [
  {
    kind: 'video',
    pattern: new RegExp(
      `${host('[\\w-]{1,40}(?:\\.[\\w-]{1,40}){1,3}')}/(?:s/)?video/(?<id>${bv}|av\\d{1,18})${lone}${tail}`,
      'gi',
    ),
    value: videoId,
  },
  {
    kind: 'article',
    pattern: new RegExp(
      `${host('[\\w-]{1,40}(?:\\.[\\w-]{1,40}){1,3}')}/read/(?:mobile/)?(?<id>cv\\d{1,12})${lone}${tail}`,
      'gi',
    ),
    value: (found) => found.toLowerCase(),
  },
  {
    kind: 'live-room',
    pattern: new RegExp(
      `${host('live(?:\\.[\\w-]{1,40}){2,3}')}/(?:h5/|blanc/)?(?<id>\\d{1,12})${lone}${tail}`,
      'gi',
    ),
  },
  {
    kind: 'uid',
    pattern: new RegExp(`${host('space(?:\\.[\\w-]{1,40}){2,3}')}/(?<id>\\d{1,20})${lone}${tail}`, 'gi'),
  },
  { kind: 'short-link', pattern: new RegExp(`${host(`(?:${shorteners})`)}/\\w${path}{0,200}`, 'gi') },
  {
    kind: 'link',
    pattern: new RegExp(
      `(?<![\\w.@/-])(?:https?:\\/\\/${path}{1,2000}|(?:www|live|space|m)(?:\\.[\\w-]{1,40}){2,3}(?![\\w.-])${tail})`,
      'gi',
    ),
  },
  {
    kind: 'mail',
    pattern: /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/g,
    value: (found) => found.toLowerCase(),
  },
  { kind: 'video', pattern: new RegExp(`(?<![a-z0-9])(?:${bv})${lone}`, 'gi'), value: videoId },
  {
    kind: 'video',
    pattern: /(?<![a-z0-9])av ?\d{2,18}(?![a-z0-9])/gi,
    value: (found) => found.toLowerCase().replace(' ', ''),
  },
  {
    kind: 'article',
    pattern: /(?<![a-z0-9])cv\d{1,12}(?![a-z0-9])/gi,
    value: (found) => found.toLowerCase(),
  },
  {
    kind: 'live-room',
    pattern: new RegExp(
      `(?:直播间|直播間|房间|房間|(?<![a-z])(?:live ?)?room(?![a-z]))${link}(?<id>\\d{2,12})(?!\\d)`,
      'gi',
    ),
  },
  {
    kind: 'uid',
    pattern: new RegExp(
      `(?:(?<![a-z])(?:uid|mid|user ?id)|用户 ?id|用戶 ?id)${link}(?<id>\\d{1,20})(?!\\d)`,
      'gi',
    ),
  },
  {
    kind: 'order',
    pattern: new RegExp(
      `(?:订单|訂單|单号|單號|流水号|流水號|交易号|交易號|(?<![a-z])order)${link}(?<id>(?=[A-Z-]{0,8}\\d{6})[A-Z0-9][A-Z0-9-]{5,39})(?![A-Z0-9])`,
      'gi',
    ),
    value: (found) => found.toUpperCase(),
  },
  // Shorter bare numbers may be anything: a bank card, a birthday.
  { kind: 'order', pattern: /(?<![\w.])\d{20,32}(?![\w.])/g },
  {
    kind: 'phone',
    pattern: /(?<![\w.])(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![\w])/g,
    value: mobileOf,
  },
  { kind: 'phone', pattern: /(?<![\w.-])(?:0\d{2,3}-\d{7,8}|\+[1-9]\d{6,14})(?![\w-])/g, value: digitsOf },
]

/** Marks that end a sentence around an address rather than the address. */
const trimmed = (kind: EntityKind, found: string): string =>
  kind === 'link' || kind === 'short-link' ? found.replace(/[.,;:!?)\]}'"*]{1,9}$/, '') : found

const readForm = (text: string, { kind, pattern, value = (found) => found }: Form): readonly Entity[] =>
  Array.from(text.matchAll(pattern), (match) => {
    const whole = trimmed(kind, match[0])
    const id = match.groups?.['id'] ?? whole
    return { kind, value: value(id), text: whole, start: match.index, end: match.index + whole.length }
  })

const entitiesIn = (read: string, most: number): readonly Entity[] => {
  const plain = narrow(read)
  const found = forms.flatMap((form, rank) => readForm(plain, form).map((entity) => ({ entity, rank })))
  found.sort((a, b) => a.entity.start - b.entity.start || a.rank - b.rank)
  const kept: Entity[] = []
  for (const { entity } of found) {
    if (entity.start < (kept.at(-1)?.end ?? 0)) continue
    kept.push({ ...entity, text: read.slice(entity.start, entity.end) })
    if (kept.length === most) break
  }
  return kept
}

/**
 * Videos, articles, live rooms, accounts, orders, telephone numbers, mail addresses and links named in a text: in order,
 * none over another, at most 40. Pure; only their form is looked at, nothing is asked whether it exists.
 */
export const findEntities = (text: string): readonly Entity[] =>
  entitiesIn(text.slice(0, maxLength), maxEntities)

/** The same in the whole of a text, however long it is and however many there are. */
export const allEntities = (text: string): readonly Entity[] => entitiesIn(text, Infinity)

const maskNumber = (number: string): string =>
  number.length < 8 ? '****' : `${number.slice(0, 3)}****${number.slice(-4)}`

/** Things as a record may keep them: of telephone numbers only beginning and end are left. */
export const maskPhones = (entities: readonly Entity[]): readonly Entity[] =>
  entities.map((entity) =>
    entity.kind === 'phone'
      ? { ...entity, value: maskNumber(entity.value), text: maskNumber(digitsOf(narrow(entity.text))) }
      : entity,
  )
