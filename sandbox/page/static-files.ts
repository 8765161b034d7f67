import { readFile } from 'node:fs/promises'

/** Files of the page, by the path below `assets/`; nothing else is ever read. */
const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
}

/** The page's files. `index.html` is served with the mount path filled in, the others as they are. */
export const assetNames: readonly string[] = [
  'theme.css',
  'layout.css',
  'phone.css',
  'panel.css',
  'stick-to-end.js',
  'client.css',
  'client.js',
  'client-server.js',
  'client-lines.js',
  'client-composer.js',
  'icon.svg',
  'main.js',
  'beside.js',
  'director.js',
  'boot-theme.js',
  'server.js',
  'words.js',
  'dom.js',
  'icons.js',
  'phone.js',
  'bubbles.js',
  'rich-text.js',
  'composer.js',
  'tray.js',
  'receipt.js',
  'panel.js',
  'requests.js',
  'request-detail.js',
  'happened.js',
  'faults.js',
  'switches.js',
  'wire.js',
  'reset.js',
  'zh-CN.json',
  'en.json',
]

/** A file and its type; undefined when the page has no such file. */
export const readAsset = async (
  name: string,
): Promise<{ readonly body: Uint8Array<ArrayBuffer>; readonly type: string } | undefined> => {
  const type = types[name.split('.').at(-1) ?? '']
  if (!assetNames.includes(name) || type === undefined) return undefined
  return { body: new Uint8Array(await readFile(new URL(`../browser/${name}`, import.meta.url))), type }
}

const fill = async (name: string, values: Readonly<Record<string, string>>): Promise<string> => {
  const html = await readFile(new URL(`../browser/${name}`, import.meta.url), 'utf8')
  return html.replaceAll(/\{\{(\w+)\}\}/g, (_, key: string) => encodeURI(values[key] ?? ''))
}

/** The page itself. `base` is where the sandbox is mounted, without a slash at the end. */
export const readPage = (base: string): Promise<string> => fill('index.html', { base })

/** The client page of one simulated channel. */
export const readClientPage = (base: string, channel: string): Promise<string> =>
  fill('client.html', { base, channel })
