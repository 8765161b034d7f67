/** A picture as an article's Markdown names it. */
export interface NamedPicture {
  /** How many characters of the words stand before it. */
  readonly after: number
  readonly alt: string
  readonly path: string
  /** Line within the text, the first is 0. */
  readonly line: number
}

/** A picture that is not written as one; `line` as above. */
export interface PictureSlip {
  readonly line: number
  readonly problem: string
  readonly fix: string
}

/** A text without its pictures, and the pictures. */
export interface TextWithPictures {
  readonly words: string
  readonly pictures: readonly NamedPicture[]
  readonly slips: readonly PictureSlip[]
}

const alone = /^[ \t]*!\[([^\]]*)\]\(([^()\s]*)\)[ \t]*$/
const within = /!\[[^\]]*\]\([^)]*\)/
const fence = /^ {0,3}(?:```|~~~)/

const slipOf = (line: number): PictureSlip => ({
  line,
  problem: '图片没有单独占一行 a picture does not stand on a line of its own',
  fix: '另起一行写 ![替代文字](pictures/文件名.png)，括号里只写路径；在 YAML 里用 |- 保留换行 put it on its own line, with the path alone in brackets; in YAML use |- to keep line breaks',
})

/** Collects words and the places of pictures between them. */
const createPage = () => {
  const pictures: NamedPicture[] = []
  let words = ''
  let open: string[] = []
  /** Whether a blank line stood around the picture before. */
  let apart = false
  const close = (): void => {
    const first = open.findIndex((line) => line.trim() !== '')
    const text = first < 0 ? '' : open.slice(first).join('\n').trimEnd()
    apart ||= first > 0 || (first < 0 && open.length > 0)
    if (text !== '') words += `${words === '' ? '' : apart ? '\n\n' : '\n'}${text}`
    if (text !== '') apart = open.at(-1)?.trim() === ''
    open = []
  }
  return {
    line: (text: string): void => void open.push(text),
    picture: (picture: Omit<NamedPicture, 'after'>): void => {
      close()
      pictures.push({ ...picture, after: words.length })
    },
    end: () => {
      close()
      return { words, pictures }
    },
  }
}

/**
 * Takes the pictures out of a Markdown text: each stands alone on its line, as a paragraph or below a step. What stood
 * on both sides of one joins as it would without it. Code is left as it is.
 */
export const takePictures = (markdown: string): TextWithPictures => {
  if (!markdown.includes('![')) return { words: markdown, pictures: [], slips: [] }
  const page = createPage()
  const slips: PictureSlip[] = []
  let isCode = false
  for (const [line, text] of markdown.split('\n').entries()) {
    if (fence.test(text)) isCode = !isCode
    const [, alt, path] = isCode ? [] : (alone.exec(text) ?? [])
    if (alt !== undefined && path !== undefined) page.picture({ alt: alt.trim(), path, line })
    else {
      if (!isCode && within.test(text)) slips.push(slipOf(line))
      page.line(text)
    }
  }
  return { ...page.end(), slips }
}
