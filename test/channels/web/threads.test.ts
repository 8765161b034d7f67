import { expect, it } from 'vitest'
import { createThreads } from '../../../channels/web/threads.ts'
import { createInProcessBus } from '../../../src/bus/index.ts'

it('sends away at once whoever comes while it stops: nobody would bring them news', async () => {
  const threads = createThreads(createInProcessBus(), 'web', 5)
  const ends: string[] = []
  const listener = (name: string) => ({
    hear: () => undefined,
    replaced: () => undefined,
    stopped: () => void ends.push(name),
  })
  await threads.start()
  threads.join('visitor', listener('first'))
  threads.stop()
  threads.join('visitor', listener('second'))
  expect(ends).toEqual(['first', 'second'])
  await threads.start()
  threads.join('visitor', listener('third'))
  expect(ends).toEqual(['first', 'second'])
})
