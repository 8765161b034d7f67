import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openBrowserBundle } from '../../src/app/browser-bundle.ts'

let place: string
let unkept: unknown[]
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'tongda-bundle-'))
  mkdirSync(join(place, 'app'))
  writeFileSync(join(place, 'app/main.ts'), "import './first.ts'\nvoid import('./later.ts')\n")
  writeFileSync(join(place, 'app/first.ts'), "import './first.css'\nconsole.log('first')\n")
  writeFileSync(join(place, 'app/first.css'), 'p { color: red }\n')
  writeFileSync(join(place, 'app/later.ts'), "console.log('later')\n")
  unkept = []
})
afterEach(() => rmSync(place, { recursive: true, force: true }))

const cache = (): string => join(place, 'cache')
const open = () =>
  openBrowserBundle({
    ...{ name: 'tiny', folder: join(place, 'app'), entry: 'main.ts', first: 'first.ts' },
    cache: cache(),
    onUnkept: (error) => unkept.push(error),
  })

it('keeps what it built, and gives the same again', async () => {
  const built = await open()
  expect([...built.files].map(([name, { contentType }]) => [name.slice(0, 5), contentType])).toContainEqual([
    'main-',
    'text/css; charset=utf-8',
  ])
  expect(built.styles).toHaveLength(1)
  expect([...built.scripts, ...built.styles].every((name) => built.files.has(name))).toBe(true)
  const [kept = '', ...others] = readdirSync(cache())
  expect(others).toEqual([])
  // A change by hand shows that it is read and not built again.
  writeFileSync(join(cache(), kept, built.scripts[0] ?? ''), 'changed')
  const again = await open()
  expect(Buffer.from(again.files.get(built.scripts[0] ?? '')?.bytes ?? []).toString()).toBe('changed')
  expect(unkept).toEqual([])
})

it('removes versions that nobody opened for a week, and no others', async () => {
  await open()
  const [first = ''] = readdirSync(cache())
  mkdirSync(join(cache(), 'other-app'))
  const old = new Date(Date.now() - 8 * 24 * 60 * 60 * 1000)
  for (const name of [first, 'other-app']) utimesSync(join(cache(), name), old, old)
  // Opened again, it is young again.
  await open()
  writeFileSync(join(place, 'app/later.ts'), "console.log('second')\n")
  await open()
  expect(readdirSync(cache())).toHaveLength(3)
  utimesSync(join(cache(), first), old, old)
  writeFileSync(join(place, 'app/later.ts'), "console.log('third')\n")
  await open()
  expect(readdirSync(cache())).toHaveLength(3)
  expect(readdirSync(cache())).not.toContain(first)
  expect(readdirSync(cache())).toContain('other-app')
})

it('has it all the same where it cannot be kept, and says so', async () => {
  const kept = await open()
  rmSync(cache(), { recursive: true })
  writeFileSync(cache(), 'a file where the folder should be')
  const unkeepable = await open()
  expect([...unkeepable.files.keys()].sort()).toEqual([...kept.files.keys()].sort())
  expect(unkeepable).toMatchObject({ scripts: kept.scripts, styles: kept.styles })
  expect(unkept).toEqual([expect.objectContaining({ code: 'ENOTDIR' })])
})

it('says where sources are wrong', async () => {
  writeFileSync(join(place, 'app/later.ts'), 'const = 1')
  await expect(open()).rejects.toThrow(/later\.ts:1/)
  expect(unkept).toEqual([])
})
