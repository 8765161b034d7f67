import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadForms } from '../../knowledge/index.ts'
import { about, formContact, loadBrand, picture } from '../dialogue/form-contact.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tongda-forms-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const ground = { topics: ['feedback'], articles: ['feedback-a'], intents: ['feedback.ask'] }

const head = `id: idea
title: { zh: 建议, en: Idea }
why: { zh: 我来记下。, en: I note it. }
done: { zh: 已转给同事。, en: Passed on. }
offer: { zh: 提建议, en: Suggest }
kind: feedback
topic: feedback
startedBy: { articles: [feedback-a] }
`
const slot = (name: string, more = ''): string =>
  `  - name: ${name}\n    kind: text\n    label: { zh: ${name}名, en: ${name} label }\n    ask: { zh: 请写, en: Please write }\n${more}`
const choice = (name: string): string =>
  slot(name, '').replace('text', 'choice') +
  '    options:\n      - { id: a, label: { zh: 甲, en: A } }\n      - { id: b, label: { zh: 乙, en: B } }\n'

const load = async (...texts: readonly string[]) => {
  rmSync(join(folder, 'x'), { recursive: true, force: true })
  mkdirSync(join(folder, 'x'))
  for (const [at, text] of texts.entries()) writeFileSync(join(folder, 'x', `${String(at)}.yaml`), text)
  return loadForms(join(folder, 'x'), ground)
}

describe('forms of a folder', () => {
  it('are loaded with their defaults', async () => {
    const { forms, faults } = await load(`${head}slots:\n${slot('what')}`)
    expect(faults).toEqual([])
    expect(forms).toMatchObject([
      {
        id: 'idea',
        handover: 'last',
        urgency: 'normal',
        slots: [{ name: 'what', required: true, options: [] }],
      },
    ])
  })

  it('may be missing', async () => {
    expect(await loadForms(join(folder, 'nowhere'), ground)).toEqual({ forms: [], faults: [] })
  })

  const bad: readonly (readonly [what: string, text: string, line: number, problem: RegExp])[] = [
    ['a word too much', `${head}colour: red\nslots:\n${slot('what')}`, 9, /unknown field: colour/],
    ['no questions', `${head}slots: []\n`, 9, /slots .*too few/],
    [
      'a kind nobody knows',
      `${head}slots:\n${slot('what').replace('text', 'colour')}`,
      11,
      /must be one of: text, choice/,
    ],
    ['the same name twice', `${head}slots:\n${slot('what')}${slot('what')}`, 14, /name is used twice/],
    [
      'a choice without options',
      `${head}slots:\n${slot('what').replace('text', 'choice')}`,
      10,
      /needs two options/,
    ],
    [
      'a condition on a later question',
      `${head}slots:\n${slot('what')}${slot('more', '    when: { slot: last, is: [a] }\n')}${choice('last')}`,
      18,
      /no earlier question/,
    ],
    [
      'a condition that never comes true',
      `${head}slots:\n${choice('what')}${slot('more', '    when: { slot: what, is: [c] }\n')}${slot('last')}`,
      21,
      /has no such answer/,
    ],
    ['nothing required', `${head}slots:\n${slot('what', '    required: false\n')}`, 9, /may end empty/],
    [
      'an article that is not there',
      `${head.replace('feedback-a', 'feedback-b')}slots:\n${slot('what')}`,
      8,
      /feedback-b 不存在/,
    ],
    [
      'a topic that is not there',
      `${head.replace('topic: feedback', 'topic: other')}slots:\n${slot('what')}`,
      7,
      /other 不存在/,
    ],
    [
      'nothing that starts it',
      `${head.replace('articles: [feedback-a]', '')}slots:\n${slot('what')}`,
      8,
      /nothing starts this form/,
    ],
    ['a title by no question', `${head}titled: who\nslots:\n${slot('what')}`, 9, /no question of the form/],
    ['broken YAML', `${head}slots: [\n`, 10, /faulty YAML/],
  ]
  it.each(bad)('%s is a fault with its line and what to do', async (_, text, line, problem) => {
    const { forms, faults } = await load(text)
    expect(forms).toEqual([])
    expect(faults[0]).toMatchObject({
      file: 'forms/0.yaml',
      line,
      problem: expect.stringMatching(problem) as string,
    })
    expect(faults[0]?.fix).not.toBe('')
  })

  it('that two claim the same article keep the first', async () => {
    const { forms, faults } = await load(
      `${head}slots:\n${slot('what')}`,
      `${head.replace('id: idea', 'id: other')}slots:\n${slot('what')}`,
    )
    expect(forms.map(({ id }) => id)).toEqual(['idea'])
    expect(faults).toMatchObject([{ file: 'forms/1.yaml', line: 8 }])
  })
})

/** An answer that fits each kind of question. */
const answers: Readonly<Record<string, string>> = {
  text: '这里写上具体的说明',
  link: 'https://www.example.com/video/1',
  video: 'BV1xx411c7mD',
  uid: '12345678',
  'live-room': '7734200',
  phone: '13800138000',
  mail: 'a@example.com',
  order: '2026112512345678',
  date: '昨天',
  amount: '25',
  'yes-no': '是',
}

describe('the brand’s forms', () => {
  it('have no fault and every question has its words in both languages', async () => {
    const { forms, faults } = await loadBrand()
    expect(faults).toEqual([])
    expect(forms.map(({ id }) => id).sort()).toEqual([
      'account-recovery',
      'copyright-complaint',
      'harassment-report',
      'payment-trouble',
      'review-appeal',
      'suggestion',
    ])
    for (const form of forms) {
      const words = [form.title, form.why, form.done, form.offer]
      const asked = form.slots.flatMap(({ label, ask, options }) => [
        label,
        ask,
        ...options.map((one) => one.label),
      ])
      for (const { zh, en } of [...words, ...asked]) {
        expect(`${form.id}: ${en}`).not.toMatch(/\p{Script=Han}/u)
        expect(zh === en || /\p{Script=Han}/u.test(zh), `${form.id}: ${zh}`).toBe(true)
      }
      for (const { ask } of form.slots) expect(ask.zh, form.id).toMatch(/[？。]$/)
    }
  })

  it('come to an end by every way through them, and no question is dead', async () => {
    const brand = await loadBrand()
    for (const form of brand.forms) {
      const reached = new Set<string>()
      const ways = Math.max(...form.slots.map(({ options }) => options.length), 2)
      for (let way = 0; way < ways; way += 1) {
        const contact = formContact(brand)
        contact.says('开始', about(brand, [...form.startedBy.articles, ...form.offeredBy][0] ?? ''))
        for (let turn = 0; turn < 15; turn += 1) {
          const open = form.slots.find(({ name }) => name === contact.state().form?.slot)
          if (open === undefined) break
          reached.add(open.name)
          const { kind, options } = open
          if (kind === 'evidence') contact.sends(picture('a'))
          else if (kind === 'choice') contact.chooses(options[way % options.length]?.label.zh ?? '')
          else contact.says(kind === 'yes-no' && way % 2 === 1 ? '不是' : (answers[kind] ?? ''))
        }
        if (form.handover === 'last') expect(contact.says('提交').record.rule, form.id).toBe('form-done')
        expect(contact.state().form, form.id).toBeUndefined()
      }
      expect([...reached].sort(), form.id).toEqual(form.slots.map(({ name }) => name).sort())
    }
  })
})
