import type { ArticlePictures, ContentFault, PlacedPicture } from '../src/core/knowledge.ts'
import { fault } from '../src/text/index.ts'
import type { NamedPictures, ReadArticle } from './article-file.ts'
import type { NamedPicture } from './picture-lines.ts'
import type { PictureShelf } from './picture-shelf.ts'

/** Most pictures of one answer: each may be a message of its own. */
export const maxPictures = 4
/** Longest alternative text, in characters. */
export const maxAltLength = 200

/** What is wrong with how a picture is named, apart from its file. */
const checkNaming = (
  { alt }: NamedPicture,
  place: number,
): readonly [problem: string, fix: string] | undefined => {
  if (place >= maxPictures)
    return [
      `一条答案里图片超过 ${maxPictures} 张 more than ${maxPictures} pictures in one answer`,
      '删掉几张，或拼成一张 remove some, or make them one picture',
    ]
  if (alt === '')
    return [
      '图片没有替代文字 the picture has no alternative text',
      '在方括号里写图上有什么：![点右上角“设置”](…) say in the square brackets what it shows',
    ]
  if (alt.length > maxAltLength)
    return [
      `替代文字 ${alt.length} 字，超过 ${maxAltLength} 字 the alternative text is too long`,
      '只写图上有什么，步骤写在正文里 say only what it shows; steps belong in the answer',
    ]
  return undefined
}

const place = async (
  file: string,
  { pictures }: NamedPictures,
  shelf: PictureShelf,
): Promise<{ readonly placed: readonly PlacedPicture[]; readonly faults: readonly ContentFault[] }> => {
  const placed: PlacedPicture[] = []
  const faults: ContentFault[] = []
  for (const [at, named] of pictures.entries()) {
    const naming = checkNaming(named, at)
    const look = await shelf.look(named.path)
    if (naming !== undefined) faults.push(fault(file, named.line, ...naming))
    if (!look.ok) faults.push(fault(file, named.line, look.fault.problem, look.fault.fix))
    else if (naming === undefined)
      placed.push({ after: named.after, alt: named.alt, media: look.picture.media })
  }
  return { placed, faults }
}

/** Finds the files of an article's pictures. What is faulty is left out: the words stand without it. */
export const placePictures = async (
  { article, pictures }: Pick<ReadArticle, 'article' | 'pictures'>,
  shelf: PictureShelf,
): Promise<{ readonly pictures?: ArticlePictures; readonly faults: readonly ContentFault[] }> => {
  if (pictures.length === 0) return { faults: [] }
  const faults: ContentFault[] = []
  let all: ArticlePictures = { answer: [], channelAnswers: {}, en: [] }
  for (const named of pictures) {
    const { placed, faults: found } = await place(article.file, named, shelf)
    faults.push(...found)
    if (named.of === undefined) all = { ...all, answer: placed }
    else if (named.of === 'en') all = { ...all, en: placed }
    else all = { ...all, channelAnswers: { ...all.channelAnswers, [named.of.channel]: placed } }
  }
  return { pictures: all, faults }
}
