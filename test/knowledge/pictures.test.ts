import { rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { loadKnowledge, pictureFolderOf, watchContent } from '../../knowledge/index.ts'
import type { KnowledgeBase } from '../../src/core/knowledge.ts'
import { drawPicture } from '../support/pictures.ts'
import { articleText, createFolder, type ContentFolder } from './folder.ts'

let small: Buffer
let folder: ContentFolder | undefined
beforeAll(async () => {
  small = await drawPicture('png')
})
afterEach(() => folder?.drop())

const open = async (body: string, front: Readonly<Record<string, string>> = {}): Promise<ContentFolder> => {
  folder = await createFolder({ 'articles/refund/a.md': articleText(front, body) })
  await folder.write('pictures/a.png', small)
  return folder
}
const articlesOf = ({ path }: ContentFolder): string => join(path, 'articles')
const load = async (body: string, front: Readonly<Record<string, string>> = {}) =>
  loadKnowledge(articlesOf(await open(body, front)), ['refund'])

/** The answer cut where its pictures stand. */
const cut = ({ articles: [article] }: KnowledgeBase): readonly string[] => {
  const placed = article?.pictures?.answer ?? []
  const ends = [...placed.map(({ after }) => after), article?.answer.length ?? 0]
  return ends.map((end, at) => article?.answer.slice(ends[at - 1] ?? 0, end) ?? '')
}

describe('pictures in an article', () => {
  it.each([
    ['between paragraphs', '先看。\n\n![图](pictures/a.png)\n\n再做。', ['先看。', '\n\n再做。']],
    ['below a step', '1. 打开\n   ![图](pictures/a.png)\n2. 点它', ['1. 打开', '\n2. 点它']],
    ['at the start', '![图](pictures/a.png)\n先看。', ['', '先看。']],
    ['at the end', '先看。\n\n![图](pictures/a.png)', ['先看。', '']],
    ['next to each other', '甲\n![图](pictures/a.png)\n![图](pictures/a.png)\n乙', ['甲', '', '\n乙']],
  ])('stand %s, and leave the words as they are without them', async (_, body, pieces) => {
    const { knowledge, faults } = await load(body)
    expect(faults).toEqual([])
    if (knowledge === undefined) throw new Error('nothing was loaded')
    expect(cut(knowledge)).toEqual(pieces)
    expect(knowledge.articles[0]?.answer).not.toContain('![')
  })

  it('say how large they are, upright', async () => {
    const content = await open('先看。\n\n![图](pictures/b.jpg)')
    // Lying on its side: 8 by 4 as it was taken.
    await content.write('pictures/b.jpg', await drawPicture('jpeg', { orientation: 6 }))
    const { knowledge } = await loadKnowledge(articlesOf(content), ['refund'])
    expect(knowledge?.pictures).toMatchObject([{ width: 4, height: 8 }])
  })

  it('are files of the knowledge base, each once, under ids made from their bytes', async () => {
    const { knowledge } = await load('甲\n![左](pictures/a.png)\n乙\n![右](pictures/a.png)')
    const [file, ...others] = knowledge?.pictures ?? []
    expect(others).toEqual([])
    expect(file?.media).toMatchObject({ contentType: 'image/png', bytes: small.length })
    expect(knowledge?.articles[0]?.pictures?.answer).toMatchObject([
      { alt: '左', media: file?.media },
      { alt: '右', media: file?.media },
    ])
    const again = await load('别的\n![图](pictures/a.png)')
    expect(again.knowledge?.pictures?.[0]?.media.mediaId).toBe(file?.media.mediaId)
    expect(again.knowledge?.version).not.toBe(knowledge?.version)
  })

  it('belong to the answer that names them: a channel’s, the English one', async () => {
    const { knowledge, faults } = await load('没有图', {
      en: '\n  question: How\n  answer: |-\n    Look.\n    ![shot](pictures/a.png)',
      channels: '\n  weibo: |-\n    看图\n    ![图](pictures/a.png)',
    })
    expect(faults).toEqual([])
    expect(knowledge?.articles[0]).toMatchObject({
      channelAnswers: { weibo: '看图' },
      en: { answer: 'Look.' },
      pictures: { answer: [], en: [{ alt: 'shot', after: 5 }], channelAnswers: { weibo: [{ alt: '图' }] } },
    })
  })

  it('are left alone in code', async () => {
    const { knowledge, faults } = await load('写法：\n```\n![图](pictures/none.png)\n```')
    expect([faults, knowledge?.pictures]).toEqual([[], undefined])
  })

  it.each([
    ['a missing file', '![图](pictures/none.png)', /不存在.*none\.png/],
    ['no alternative text', '![ ](pictures/a.png)', /没有替代文字/],
    ['alternative text without end', `![${'图'.repeat(201)}](pictures/a.png)`, /201 字/],
    ['an address elsewhere', '![图](https://img.example/a.png)', /别处的地址/],
    ['an address without scheme', '![图](//img.example/a.png)', /别处的地址/],
    ['another folder', '![图](images/a.png)', /不在 pictures/],
    ['a way out', '![图](pictures/../articles/refund/a.md)', /不在 pictures/],
    ['no path', '![图]()', /不在 pictures/],
    ['words around it', '看 ![图](pictures/a.png) 这里', /单独占一行/],
    ['a title', '![图](pictures/a.png "标题")', /单独占一行/],
    ['five pictures', '![图](pictures/a.png)\n'.repeat(5).trim(), /超过 4 张/],
  ])('names %s with file, line and what to do, and keeps the words', async (_, picture, problem) => {
    const { knowledge, faults } = await load(`先看。\n\n${picture}`)
    const line = articleText({}, '').split('\n').length - 1 + 2
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatchObject({
      file: 'refund/a.md',
      problem: expect.stringMatching(problem) as string,
    })
    expect(faults[0]?.line).toBe(line + (picture.split('\n').length - 1))
    expect(faults[0]?.fix).not.toBe('')
    if (problem.source !== '单独占一行') expect(knowledge?.articles[0]?.answer).toBe('先看。')
  })

  it.each([
    ['text with a picture’s name', () => Promise.resolve(Buffer.from('not a picture')), /不是能发送的图片/],
    [
      'SVG',
      () => Promise.resolve(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')),
      /不是能发送的图片/,
    ],
    ['WebP, which WeChat does not take', () => drawPicture('webp'), /不是能发送的图片.*image\/webp/],
    ['the head of a picture alone', () => Promise.resolve(small.subarray(0, 20)), /不是能发送的图片/],
    ['too many pixels', () => drawPicture('png', { width: 1_601 }), /1601×4/],
    [
      'too many bytes',
      () => Promise.resolve(Buffer.concat([small, Buffer.alloc(1_048_576)])),
      /超过 1024 KB/,
    ],
  ])('refuses %s', async (_, bytes, problem) => {
    const content = await open('![图](pictures/b.png)\n先看。')
    await content.write('pictures/b.png', await bytes())
    const { knowledge, faults } = await loadKnowledge(articlesOf(content), ['refund'])
    expect(faults.map((fault) => fault.problem)).toEqual([expect.stringMatching(problem)])
    expect(knowledge?.pictures).toBeUndefined()
  })

  it('refuses a link that leads out of the folder', async () => {
    const content = await open('![图](pictures/b.png)\n先看。')
    await content.write('secret.png', small)
    await symlink(join(content.path, 'secret.png'), join(content.path, 'pictures/b.png'))
    const { faults } = await loadKnowledge(articlesOf(content), ['refund'])
    expect(faults[0]?.problem).toMatch(/不在 pictures/)
  })
})

describe('watching pictures', () => {
  it('takes over a picture that changes, and a folder that is made later', async () => {
    const content = await open('先看。')
    await rm(join(content.path, 'pictures'), { recursive: true })
    const states: KnowledgeBase[] = []
    const watching = watchContent<KnowledgeBase>({
      folders: [articlesOf(content), pictureFolderOf(articlesOf(content))],
      build: async () => {
        const { knowledge, faults } = await loadKnowledge(articlesOf(content), ['refund'])
        return knowledge === undefined ? { faults } : { state: knowledge, faults }
      },
      onState: (state) => states.push(state),
      onFaults: () => undefined,
      settleMs: 20,
    })
    const shown = (): string | undefined => states.at(-1)?.pictures?.[0]?.media.mediaId
    try {
      await content.write('pictures/a.png', small)
      await content.write('articles/refund/a.md', articleText({}, '先看。\n![图](pictures/a.png)'))
      await expect.poll(shown).toBeDefined()
      const first = shown()
      await content.write('pictures/a.png', await drawPicture('png', { width: 9 }))
      await expect.poll(shown).not.toBe(first)
    } finally {
      watching.close()
    }
  })
})
