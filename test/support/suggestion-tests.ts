import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import type { FeedbackActor } from '../../src/core/suggestions.ts'
import type { TestDatabase } from './databases.ts'
import { openSuggestionWorld, type SuggestionWorld } from './suggestion-world.ts'

/** Who does what people do. */
export const actor: FeedbackActor = { kind: 'agent', id: 'li', name: '李然' }
export const dayMs = 86_400_000

const tables = ['items', 'themes', 'spaces', 'history', 'notices', 'refusals']

/** A world for each test of a suite, on one database; each begins without suggestions. */
export const useSuggestionWorld = (open: () => Promise<TestDatabase>) => {
  let test: TestDatabase
  let opened: SuggestionWorld
  let people = 0
  beforeAll(async () => {
    test = await open()
  })
  beforeEach(async () => {
    opened = await openSuggestionWorld(test.database)
  })
  afterEach(async () => {
    // What was said stays behind the place where reading goes on.
    for (const table of tables) await test.database.query(`truncate feedback_${table}`)
    await test.database.query('update outbox set status = $1', ['sent'])
  })
  afterAll(() => test.dispose())

  const person = (): string => `oPerson${String((people += 1))}`
  return {
    world: () => opened,
    database: () => test.database,
    person,
    /** Each by another contact; collected and placed. */
    suggests: async (...texts: readonly string[]): Promise<void> => {
      for (const text of texts) await opened.says(person(), text)
      await opened.collect()
      await opened.place()
    },
    ship: (themeId: string) =>
      opened.stores.themes.setStatus(
        themeId,
        { status: 'shipped', wording: { zh: '新版已支持', en: 'It is there' } },
        { actor },
        opened.clock.now(),
      ),
  }
}
