import { afterEach, describe, expect, it } from 'vitest'
import { loadKnowledge, watchContent } from '../../knowledge/index.ts'
import type { ContentWatch } from '../../knowledge/index.ts'
import type { ContentFault, KnowledgeBase } from '../../src/core/knowledge.ts'
import { articleText, createFolder } from './folder.ts'
import type { ContentFolder } from './folder.ts'

let folder: ContentFolder
let watching: ContentWatch | undefined
afterEach(async () => {
  watching?.close()
  await folder.drop()
})

const open = async () => {
  folder = await createFolder({ 'a.md': articleText() })
  const states: KnowledgeBase[] = []
  const faults: (readonly ContentFault[])[] = []
  watching = watchContent<KnowledgeBase>({
    folders: [folder.path],
    settleMs: 20,
    build: async () => {
      const { knowledge, faults: found } = await loadKnowledge(folder.path, ['refund'])
      return knowledge === undefined ? { faults: found } : { state: knowledge, faults: found }
    },
    onState: (state) => states.push(state),
    onFaults: (found) => faults.push(found),
  })
  return { states, faults, watching }
}

describe('watching content', () => {
  it('takes a changed file into use', async () => {
    const { states } = await open()
    await folder.write('a.md', articleText({}, '新的答案'))
    await expect.poll(() => states.at(-1)?.articles[0]?.answer).toBe('新的答案')
  })

  it('keeps the last good state while a file is broken, and recovers', async () => {
    const { states, faults, watching: watch } = await open()
    await watch.reload()
    await folder.write('b.md', 'broken')
    await expect.poll(() => faults.length).toBeGreaterThan(0)
    expect(faults[0]?.[0]).toMatchObject({ file: 'b.md', line: 1 })
    expect(states.at(-1)?.articles.map(({ id }) => id)).toEqual(['refund-how'])
    await folder.write('b.md', articleText({ id: 'refund-b', question: '乙', similar: '[丙]' }))
    await expect.poll(() => states.at(-1)?.articles.length).toBe(2)
  })

  it('builds one at a time; changes meanwhile lead to one more', async () => {
    folder = await createFolder()
    let running = 0
    let most = 0
    let builds = 0
    const gates: (() => void)[] = []
    watching = watchContent<number>({
      folders: [],
      build: async () => {
        running += 1
        most = Math.max(most, running)
        await new Promise<void>((resolve) => gates.push(resolve))
        running -= 1
        builds += 1
        return { state: builds, faults: [] }
      },
      onState: () => undefined,
      onFaults: () => undefined,
    })
    const all = [watching.reload(), watching.reload(), watching.reload()]
    await expect.poll(() => gates.length).toBe(1)
    gates[0]?.()
    await expect.poll(() => gates.length).toBe(2)
    gates[1]?.()
    await Promise.all(all)
    expect([most, builds]).toEqual([1, 2])
  })

  it('reports a build that throws and has no effect after close', async () => {
    folder = await createFolder()
    const faults: (readonly ContentFault[])[] = []
    const states: number[] = []
    let fail = true
    watching = watchContent<number>({
      folders: ['/nowhere/at/all'],
      build: () =>
        fail ? Promise.reject(new Error('disk is gone')) : Promise.resolve({ state: 1, faults: [] }),
      onState: (state) => states.push(state),
      onFaults: (found) => faults.push(found),
    })
    await watching.reload()
    expect(faults[0]?.[0]?.problem).toMatch(/disk is gone/)
    fail = false
    watching.close()
    await watching.reload()
    expect(states).toEqual([])
  })
})
