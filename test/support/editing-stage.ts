import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { loadKnowledge } from '../../knowledge/index.ts'
import type { ArticleContent } from '../../src/core/article.ts'
import type { Draft, EditWrite } from '../../src/core/editing.ts'
import { createVersionStore, type Database } from '../../src/store/index.ts'
import { articleText, createFolder, type ContentFolder } from '../knowledge/folder.ts'
import type { TestDatabase } from './databases.ts'
import { buildArticle, openEditing, type EditingWorld, type EditingWorldOptions } from './editing-world.ts'

export const clock = { now: () => new Date('2026-11-27T04:00:00.000Z') }
const by = (name: string): EditWrite => ({ actor: { kind: 'agent', id: name, name } })
/** Two editors. */
export const [li, wang] = [by('li'), by('wang')]
/** Publishes without an evaluation. */
export const whole = { reason: '更新', override: '不用测' }

/** A draft of the article, approved by somebody else. */
export const approved = async (
  { drafts }: EditingWorld,
  over: Partial<ArticleContent> = {},
): Promise<Draft> => {
  const content = buildArticle(over)
  const draft = await drafts.create({ articleId: content.id, action: 'save', content, reason: '写错了' }, li)
  await drafts.move(draft.id, 'in-review', undefined, li)
  return drafts.move(draft.id, 'approved', undefined, wang)
}

/** A database for all tests of a suite, and for each a folder with one article and nothing published. */
export const useEditingStage = (open: () => Promise<TestDatabase>) => {
  let test: TestDatabase
  let folder: ContentFolder
  beforeAll(async () => {
    test = await open()
  })
  beforeEach(async () => {
    folder = await createFolder({ 'refund/how.md': articleText() })
  })
  afterEach(async () => {
    await folder.drop()
    for (const table of ['drafts', 'versions', 'overlays', 'evaluations', 'imports', 'schedules'])
      await test.database.query(`delete from knowledge_${table}`)
    await test.database.query('delete from events')
  })
  afterAll(() => test.dispose())
  return {
    database: (): Database => test.database,
    writeFile: (file: string, text: string): Promise<void> => folder.write(file, text),
    editing: (options: Partial<EditingWorldOptions> = {}): EditingWorld =>
      openEditing(test.database, { folder, clock, ...options }),
    /** What readers have. */
    given: async (): Promise<Record<string, string>> => {
      const { overlays } = await createVersionStore(test.database).current()
      const { knowledge } = await loadKnowledge(folder.path, ['refund'], { overlays })
      return Object.fromEntries((knowledge?.articles ?? []).map(({ id, answer }) => [id, answer]))
    },
  }
}
