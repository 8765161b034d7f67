// The menu's calls: official-account documentation, "自定义菜单".
import { z } from 'zod'
import { json, parseObject, refusal } from './api-calls.ts'
import type { ApiRoute } from './api-calls.ts'
import { refuse } from './send-body.ts'
import type { Refusal } from './send-body.ts'

const keyed: ReadonlySet<string> = new Set([
  'click',
  'scancode_push',
  'scancode_waitmsg',
  'pic_sysphoto',
  'pic_photo_or_album',
  'pic_weixin',
  'location_select',
])

const buttonShape = z.object({
  name: z.string().default(''),
  type: z.string().optional(),
  key: z.string().optional(),
  url: z.string().optional(),
  media_id: z.string().optional(),
  article_id: z.string().optional(),
  appid: z.string().optional(),
  pagepath: z.string().optional(),
})
const menuShape = z.object({
  button: z.array(buttonShape.extend({ sub_button: z.array(buttonShape).optional() })),
})
type Button = z.infer<typeof buttonShape>

const size = (text: string | undefined): number => Buffer.byteLength(text ?? '')

/** The numbers for a button on top and for one below. */
interface Numbers {
  readonly maxName: number
  readonly name: number
  readonly key: number
  readonly url: number
  readonly type: number
}
const onTop: Numbers = { maxName: 16, name: 40018, key: 40019, url: 40020, type: 40017 }
const below: Numbers = { maxName: 60, name: 40025, key: 40026, url: 40027, type: 40024 }

const outside = (bytes: number, most: number): boolean => bytes < 1 || bytes > most

const nameFault = ({ name }: Button, numbers: Numbers): Refusal | undefined =>
  outside(size(name), numbers.maxName) ? refuse(numbers.name, 'invalid button name size') : undefined

const actionFault = (button: Button, numbers: Numbers): Refusal | undefined => {
  const { type = '', key, url, media_id, article_id, appid, pagepath } = button
  if (keyed.has(type))
    return outside(size(key), 128) ? refuse(numbers.key, 'invalid button key size') : undefined
  const urlFault = outside(size(url), 1_024) ? refuse(numbers.url, 'invalid button url size') : undefined
  if (type === 'view') return urlFault
  if (type === 'miniprogram')
    return urlFault ?? (appid && pagepath ? undefined : refuse(40035, 'invalid parameter: appid or pagepath'))
  if (type === 'media_id') return media_id ? undefined : refuse(40007, 'invalid media_id')
  if (type === 'article_id' || type === 'article_view_limited')
    return article_id ? undefined : refuse(40035, 'invalid parameter: article_id')
  return refuse(numbers.type, 'invalid button type')
}

/** The first fault of a menu in the order of its buttons. */
const menuFault = ({ button: buttons }: z.infer<typeof menuShape>): Refusal | undefined => {
  if (outside(buttons.length, 3)) return refuse(40016, 'invalid button size')
  for (const { sub_button: items, ...button } of buttons) {
    if (items !== undefined && outside(items.length, 5)) return refuse(40023, 'invalid sub button size')
    const fault =
      nameFault(button, onTop) ??
      (items === undefined
        ? actionFault(button, onTop)
        : items.map((item) => nameFault(item, below) ?? actionFault(item, below)).find(Boolean))
    if (fault !== undefined) return fault
  }
  return undefined
}

const noRight = refuse(48001, 'api unauthorized')
const ok = { errcode: 0, errmsg: 'ok' }

const create: ApiRoute['handle'] = (call, { account, desk }) => {
  if (account.kind === 'unverified') return refusal(noRight)
  // The platform shows escaped characters as they stand, so it refuses them.
  if (/\\u[0-9a-f]{4}/i.test(call.text)) return refusal(refuse(40033, 'invalid charset'))
  const body = parseObject(call.text)
  if (body === undefined) return refusal(refuse(47001, 'data format error'))
  const parsed = menuShape.safeParse(body)
  if (!parsed.success) return refusal(refuse(40015, 'invalid menu type'))
  const fault = menuFault(parsed.data)
  if (fault !== undefined) return refusal(fault)
  desk.setMenu(parsed.data.button)
  return json(ok)
}

/** The calls of the account's menu. */
export const menuRoutes: readonly ApiRoute[] = [
  { name: 'menu_create', method: 'POST', path: '/cgi-bin/menu/create', needsToken: true, handle: create },
  {
    name: 'menu_get',
    method: 'GET',
    path: '/cgi-bin/menu/get',
    needsToken: true,
    handle: (_call, { account, desk }) => {
      if (account.kind === 'unverified') return refusal(noRight)
      const button = desk.menu()
      return button === undefined ? refusal(refuse(46003, 'menu no exist')) : json({ menu: { button } })
    },
  },
  {
    name: 'menu_delete',
    method: 'GET',
    path: '/cgi-bin/menu/delete',
    needsToken: true,
    handle: (_call, { account, desk }) => {
      if (account.kind === 'unverified') return refusal(noRight)
      desk.setMenu(undefined)
      return json(ok)
    },
  },
]
