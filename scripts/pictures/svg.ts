/** A piece of a drawing, drawn with its upper left corner at 0, 0. */
export interface Piece {
  readonly height: number
  readonly svg: string
  /** What lies over the edge of whatever holds the piece. */
  readonly over?: string
}

/** The look of all pictures: one palette, one font, quiet lines. */
export const look = {
  page: '#f3f6f9',
  card: '#ffffff',
  line: '#d9e0e8',
  frame: '#b8c3cf',
  ink: '#1d2733',
  quiet: '#5a6776',
  accent: '#0b6bcb',
  tint: '#e6f0fb',
  mark: '#e8590c',
  markTint: '#fff4e8',
  good: '#1b7f46',
  goodTint: '#e7f5ec',
  bad: '#c0342b',
  badTint: '#fdeceb',
} as const

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escape = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character] ?? '')

const narrow = /[ .,:;|!'’‘il1()[\]·/-]/
const wide = /[\p{Script=Han}\u3000-\u303f\uff00-\uffef“”…—→✓✕›]/u

/** Width of a text in the pictures' font, near enough to break lines by it. */
export const widthOf = (text: string, size: number): number =>
  Array.from(text).reduce((sum, one) => sum + (wide.test(one) ? 1 : narrow.test(one) ? 0.34 : 0.58), 0) * size

/** Marks that never begin a line. */
const closing = /^[，。、；：？！」』）》”%元]/

/** Breaks a paragraph into lines of at most `width`; words of Latin letters and numbers stay whole. */
const filled = (words: string, size: number, width: number): readonly string[] => {
  const lines: string[] = []
  let line = ''
  for (const [atom] of words.matchAll(/[A-Za-z0-9+–.:%]+|./gu)) {
    const isOver = widthOf(line + atom, size) > width && line !== ''
    if (isOver && !closing.test(atom)) {
      lines.push(line)
      line = atom.trimStart()
    } else line += atom
  }
  return [...lines, line]
}

/** How well lines end: at marks, and not with one or two characters left over. */
const ending = (lines: readonly string[]): number =>
  lines.slice(0, -1).filter((line) => /[，。、；：？！」”]$/.test(line)).length -
  ((lines.at(-1) ?? '').length < 3 ? 2 : 0)

/** A text as lines of at most `width`: no more than it takes, broken at marks where they can be, else evenly. */
export const linesOf = (text: string, size: number, width: number): readonly string[] =>
  text.split('\n').flatMap((words) => {
    let best = filled(words, size, width)
    const most = best.length
    for (let tried = width - 4; tried > width / 2 && most > 1; tried -= 4) {
      const lines = filled(words, size, tried)
      if (lines.length > most) break
      if (ending(lines) >= ending(best)) best = lines
    }
    return best
  })

/** How a text is set. */
export interface TextStyle {
  readonly size?: number
  readonly color?: string
  readonly bold?: boolean
  readonly anchor?: 'start' | 'middle' | 'end'
}

/** One line of text; `y` is its middle. */
export const text = (x: number, y: number, words: string, style: TextStyle = {}): string => {
  const { size = 15, color = look.ink, bold = false, anchor = 'start' } = style
  const weight = bold ? ' font-weight="700"' : ''
  return `<text x="${x}" y="${y + size * 0.36}" font-size="${size}" fill="${color}" text-anchor="${anchor}"${weight}>${escape(words)}</text>`
}

/** Lines below each other. */
export const paragraph = (
  x: number,
  width: number,
  words: string,
  style: TextStyle & { readonly leading?: number } = {},
): Piece => {
  const { size = 14, leading = 1.5 } = style
  const lines = linesOf(words, size, width)
  const step = Math.round(size * leading)
  return {
    height: lines.length * step,
    svg: lines.map((line, at) => text(x, step * (at + 0.5), line, { ...style, size })).join(''),
  }
}

/** How a shape is filled and edged. */
export interface BoxStyle {
  readonly fill?: string
  readonly stroke?: string
  readonly strokeWidth?: number
  readonly round?: number
}

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export const box = ({ x, y, width, height }: Box, style: BoxStyle = {}): string => {
  const { fill = 'none', stroke, strokeWidth = 1, round = 0 } = style
  const edge = stroke === undefined ? '' : ` stroke="${stroke}" stroke-width="${strokeWidth}"`
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${round}" fill="${fill}"${edge}/>`
}

export const path = (d: string, color: string, width = 2): string =>
  `<path d="${d}" fill="none" stroke="${color}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`

/** A circle; with a second colour, the edge. */
export const circle = (
  x: number,
  y: number,
  radius: number,
  [fill, stroke = 'none']: readonly [fill: string, stroke?: string],
): string => `<circle cx="${x}" cy="${y}" r="${radius}" fill="${fill}" stroke="${stroke}" stroke-width="2"/>`

/** A number in a circle: what comes first, what next. */
export const badge = (x: number, y: number, words: string | number, fill: string = look.mark): string =>
  circle(x, y, 13, [fill, look.card]) +
  text(x, y, String(words), { size: 15, color: look.card, bold: true, anchor: 'middle' })

export const move = (x: number, y: number, svg: string): string =>
  `<g transform="translate(${x} ${y})">${svg}</g>`

/** Pieces below each other with gaps between. */
export const stack = (pieces: readonly Piece[], gap: number): Piece & { readonly over: string } => {
  let y = 0
  let svg = ''
  let over = ''
  for (const piece of pieces) {
    svg += move(0, y, piece.svg)
    if (piece.over !== undefined) over += move(0, y, piece.over)
    y += piece.height + gap
  }
  return { height: Math.max(0, y - gap), svg, over }
}
