import { afterAll, beforeAll, expect, it } from 'vitest'
import { helpLanguages } from '../../src/core/help.ts'
import { demoContent, openHelpWorld, type HelpWorld } from '../support/help-world.ts'

/** Everything of an article page but its pictures, in bytes as they are without compression. */
const mostBytes = 60 * 1_024

let world: HelpWorld
beforeAll(async () => {
  world = await openHelpWorld(await demoContent())
})
afterAll(() => world.stop())

const bytesOf = async (path: string): Promise<number> => {
  const answer = await fetch(`${world.origin}${path}`)
  expect(answer.status, path).toBe(200)
  return (await answer.arrayBuffer()).byteLength
}

it('needs 60 KB at most for any article of the demo, in any language', async () => {
  const pages = (await (await fetch(`${world.origin}/help/sitemap.xml`)).text()).matchAll(
    /<loc>https:\/\/help\.example\.com(\/help\/[^<]+\/articles\/[^<]+)<\/loc>/g,
  )
  const paths = [...pages].map(([, path]) => path ?? '')
  expect(paths.length).toBeGreaterThan(300)
  const shared = ['/help/help.css', '/help/search.js', '/help/icon.svg']
  const around = (await Promise.all(shared.map(bytesOf))).reduce((sum, bytes) => sum + bytes, 0)
  let largest = 0
  for (const path of paths) largest = Math.max(largest, around + (await bytesOf(path)))
  expect(largest).toBeLessThanOrEqual(mostBytes)
  for (const language of helpLanguages)
    expect(around + (await bytesOf(`/help/${language}`))).toBeLessThanOrEqual(mostBytes)
})
