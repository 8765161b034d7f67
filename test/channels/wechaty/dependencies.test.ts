import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const root = new URL('../../../', import.meta.url)
const read = (file: string): unknown => JSON.parse(readFileSync(new URL(file, root), 'utf8'))
const Manifest = z.looseObject({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
})
const Lock = z.looseObject({ packages: z.record(z.string(), z.unknown()) })
const bridge = 'channels/wechaty/bridge/'

describe('the bridge’s packages', () => {
  it('are pinned exactly', () => {
    const { dependencies, devDependencies } = Manifest.parse(read(`${bridge}package.json`))
    for (const range of Object.values({ ...dependencies, ...devDependencies }))
      expect(range).toMatch(/^\d+\.\d+\.\d+$/)
    expect(dependencies['wechaty']).toBe('1.20.2')
  })

  it('stay out of the product', () => {
    const names = (file: string): readonly string[] =>
      Object.keys(Lock.parse(read(file)).packages).map((path) => path.split('node_modules/').at(-1) ?? '')
    const holes = ['wechaty', 'request', 'wechaty-puppet-wechat4u']
    expect(names(`${bridge}package-lock.json`)).toEqual(expect.arrayContaining(holes))
    expect(names('package-lock.json').filter((name) => holes.includes(name))).toEqual([])
  })
})
