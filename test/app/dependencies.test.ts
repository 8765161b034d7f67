import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

/** The lowest versions without a known hole, by advisory; a lower one must not come back unseen. */
const floors: Readonly<Record<string, string>> = {
  hono: '4.13.18',
  '@hono/node-server': '2.1.7',
  ws: '8.21.1',
  'fast-xml-parser': '5.7.0',
  'markdown-it': '15.0.3',
  'drizzle-orm': '0.45.2',
  undici: '7.24.0',
  'adm-zip': '0.6.1',
  protobufjs: '7.5.6',
}
/** Packages that must not be there at all, with what to use. */
const banned: Readonly<Record<string, string>> = {
  '@hono/node-ws': 'the WebSocket upgrade of src/http/sockets.ts',
  xlsx: 'read-excel-file and write-excel-file',
}

const Lock = z.looseObject({
  packages: z.record(
    z.string(),
    z.looseObject({
      version: z.string().optional(),
      resolved: z.string().optional(),
      link: z.boolean().optional(),
    }),
  ),
})
const { packages } = Lock.parse(
  JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')),
)
const installed = Object.entries(packages).flatMap(([path, { version }]) => {
  const name = path.split('node_modules/').at(-1) ?? ''
  return version === undefined || name === '' ? [] : [{ name, version }]
})

const numbers = (version: string): number[] => version.split(/[.-]/).slice(0, 3).map(Number)
const isBelow = (version: string, floor: string): boolean => {
  const [a, b] = [numbers(version), numbers(floor)]
  const at = a.findIndex((number, place) => number !== b[place])
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0)
}

describe('the dependencies', () => {
  it('are all above the versions with known holes', () => {
    const low = installed.filter(({ name, version }) => isBelow(version, floors[name] ?? '0.0.0'))
    expect(low).toEqual([])
    expect(isBelow('4.9.9', '4.13.18')).toBe(true)
    expect(isBelow('5.0.0', '4.13.18')).toBe(false)
  })

  it('include nothing that was ruled out', () => {
    expect(installed.filter(({ name }) => name in banned)).toEqual([])
  })

  it('are pinned exactly', () => {
    const Manifest = z.looseObject({
      dependencies: z.record(z.string(), z.string()),
      devDependencies: z.record(z.string(), z.string()),
    })
    const manifest = Manifest.parse(
      JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')),
    )
    const ranges = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([, range]) => !/^\d+\.\d+\.\d+$/.test(range),
    )
    expect(ranges).toEqual([])
  })
})
