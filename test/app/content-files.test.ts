import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readFiles } from '../../src/app/content-files.ts'
import { parseConfig } from '../../src/config.ts'

const article = (id: string, more = ''): string => `---
id: ${id}
topic: invoice
question: ${id} 怎么办
similar: [${id} 怎么处理]
${more}---
这样办。
`
const form = (id: string, articles: string): string => `id: ${id}
title: { zh: 建议, en: Idea }
why: { zh: 我来记下。, en: I note it. }
done: { zh: 已转给同事。, en: Passed on. }
offer: { zh: 提建议, en: Suggest }
kind: feedback
topic: invoice
startedBy: { articles: [${articles}] }
slots:
  - { name: what, kind: text, label: { zh: 内容, en: What }, ask: { zh: 请写, en: Please write } }
`

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongda-files-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const configOf = (files: Readonly<Record<string, string>>) => {
  for (const name of ['articles', 'forms']) mkdirSync(join(folder, name))
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
  const content = Object.fromEntries(['articles', 'forms'].map((name) => [name, join(folder, name)]))
  const parsed = parseConfig({ dataDir: join(folder, 'data'), content })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.config
}

describe('the files of the content', () => {
  it('keep a form whose article has ended; one that names an article nobody wrote is left out and named', async () => {
    const config = configOf({
      'articles/ended.md': article('invoice-ended', 'until: 2026-01-31\n'),
      'articles/lasting.md': article('invoice-lasting'),
      'forms/idea.yaml': form('idea', 'invoice-ended, invoice-lasting'),
      'forms/wrong.yaml': form('wrong', 'nobody-wrote-it'),
    })
    const { knowledge, forms, faults } = await readFiles(config, { today: '2026-02-01' })
    expect(knowledge?.articles.map(({ id }) => id)).toEqual(['invoice-lasting'])
    expect(forms.map(({ id }) => id)).toEqual(['idea'])
    const ofForms = faults.filter(({ file }) => file.includes('forms'))
    expect(ofForms).toMatchObject([{ file: expect.stringMatching(/wrong\.yaml$/) }])
  })
})
