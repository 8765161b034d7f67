/** The account's menu as it is configured. Source: open.weibo.com 自定义菜单. */
import { z } from 'zod'

const name = z.string().min(1).max(40, 'must have at most 40 characters; phones cut them sooner')

const click = z.strictObject({
  name,
  /** What comes back when it is pressed; `dialogue.menuKeys` says what it does. */
  key: z.string().min(1).max(128),
})

const view = z.strictObject({
  name,
  /** The page it opens. */
  url: z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }),
})

const entry = z.union([click, view], 'a name with a key or a url')

const group = z.strictObject({ name, entries: z.array(entry).min(1).max(5) })

/** One to three entries; each has a `key`, a `url`, or one to five `entries` of its own. */
export const menuConfig = z
  .array(z.union([click, view, group], 'a name with a key, a url or 1–5 entries'))
  .min(1)
  .max(3)
  .optional()
  .describe(
    'Menu of the account, set at start: 1–3 entries with name and key, url, or 1–5 entries. Optional; phones show a change within 24 h.',
  )

/** A configured menu. */
export type WeiboMenu = NonNullable<z.infer<typeof menuConfig>>

type MenuEntry = z.infer<typeof entry>

const encodeEntry = (item: MenuEntry) =>
  'key' in item
    ? { type: 'click', name: item.name, key: item.key }
    : { type: 'view', name: item.name, url: item.url }

/** The JSON in the form field `menus`. */
export const encodeMenu = (menu: WeiboMenu): string =>
  JSON.stringify({
    button: menu.map((item) =>
      'entries' in item ? { name: item.name, sub_button: item.entries.map(encodeEntry) } : encodeEntry(item),
    ),
  })
