import type { ScreenPart } from './schema.ts'
import { badge, box, circle, linesOf, look, move, paragraph, path, text, widthOf, type Piece } from './svg.ts'

/** Room that a part has: its width and where its step stands. */
export interface Room {
  readonly width: number
}

const inset = 14

/** What a step says is outlined and tinted; its number stands on the left edge. */
const stepped = (piece: Piece, step: number | undefined, { width }: Room): Piece => {
  if (step === undefined) return piece
  const around = { x: 4, y: 2, width: width - 8, height: piece.height - 4 }
  const under = box(around, { fill: look.markTint, round: 9 })
  const edge = box(around, { stroke: look.mark, strokeWidth: 2.5, round: 9 })
  return { height: piece.height, svg: under + piece.svg + edge, over: badge(1, piece.height / 2, step) }
}

const chevron = (x: number, y: number): string => path(`M${x - 4} ${y - 5} l5 5 l-5 5`, look.quiet, 1.8)

const tones = {
  plain: look.quiet,
  good: look.good,
  bad: look.bad,
  accent: look.accent,
} as const

const under = (width: number, height: number): string =>
  `<path d="M${inset} ${height - 0.5} H${width - inset}" stroke="${look.line}"/>`

/** A label with a note below it, where it has one. */
const labelled = (label: string, note: string | undefined, width: number): Piece => {
  const below =
    note === undefined ? undefined : paragraph(24, width - 90, note, { size: 12.5, color: look.quiet })
  const height = below === undefined ? 48 : 36 + below.height + 8
  const top = below === undefined ? 24 : 22
  return {
    height,
    svg: text(24, top, label, { size: 16 }) + (below === undefined ? '' : move(0, 34, below.svg)),
  }
}

const rowOf = (part: Extract<ScreenPart, { row: string }>, { width }: Room): Piece => {
  const { row, value, note, tone } = part
  const { height, svg } = labelled(row, note, width)
  const right =
    value === undefined
      ? ''
      : text(width - 34, height / 2, value, {
          size: 14,
          color: tones[tone],
          anchor: 'end',
          bold: tone !== 'plain',
        })
  return { height, svg: svg + right + chevron(width - 20, height / 2) + under(width, height) }
}

const switchOf = (part: Extract<ScreenPart, { switch: string }>, { width }: Room): Piece => {
  const { height, svg } = labelled(part.switch, part.note, width)
  const x = width - 66
  const y = height / 2 - 13
  const knob =
    box({ x, y, width: 46, height: 26 }, { fill: part.on ? look.good : look.frame, round: 13 }) +
    circle(part.on ? x + 33 : x + 13, y + 13, 10.5, [look.card])
  const word = text(x - 8, height / 2, part.on ? '开' : '关', {
    size: 13,
    color: part.on ? look.good : look.quiet,
    anchor: 'end',
  })
  return { height, svg: svg + knob + word + under(width, height) }
}

const buttonLooks = {
  full: { fill: look.accent, ink: look.card, stroke: look.accent },
  plain: { fill: look.card, ink: look.accent, stroke: look.accent },
  bad: { fill: look.card, ink: look.bad, stroke: look.bad },
  off: { fill: look.page, ink: look.quiet, stroke: look.line },
} as const

const buttonOf = (part: Extract<ScreenPart, { button: string }>, { width }: Room): Piece => {
  const { fill, ink, stroke } = buttonLooks[part.look]
  return {
    height: 62,
    svg:
      box({ x: 26, y: 10, width: width - 52, height: 42 }, { fill, stroke, round: 21 }) +
      text(width / 2, 31, part.button, { size: 16, color: ink, anchor: 'middle', bold: true }),
  }
}

const linkOf = (part: Extract<ScreenPart, { link: string }>, { width }: Room): Piece => ({
  height: 42,
  svg: text(width / 2, 21, part.link, { size: 15, color: look.accent, anchor: 'middle' }),
})

const inputOf = ({ input, before }: Extract<ScreenPart, { input: string }>, { width }: Room): Piece => {
  const field = box(
    { x: 20, y: 8, width: width - 40, height: 44 },
    { fill: look.page, stroke: look.line, round: 8 },
  )
  const left = before === undefined ? 34 : 96
  const prefix =
    before === undefined
      ? ''
      : text(34, 30, before, { size: 16, bold: true }) +
        path(`M${38 + widthOf(before, 16)} 27 l5 6 l5 -6`, look.quiet) +
        path('M86 18 v24', look.line, 1)
  return { height: 60, svg: field + prefix + text(left, 30, input, { size: 15, color: look.quiet }) }
}

const profileOf = ({ profile, note }: Extract<ScreenPart, { profile: string }>, { width }: Room): Piece => ({
  height: 84,
  svg:
    circle(56, 42, 27, [look.tint]) +
    circle(56, 35, 10, [look.accent]) +
    path('M39 58 q17 -18 34 0', look.accent, 5) +
    text(98, 30, profile, { size: 17, bold: true }) +
    text(98, 56, note, { size: 15, color: look.quiet }) +
    under(width, 84),
})

const sectionOf = ({ section }: Extract<ScreenPart, { section: string }>, { width }: Room): Piece => ({
  height: 32,
  svg:
    box({ x: 0, y: 0, width, height: 32 }, { fill: look.page }) +
    text(20, 16, section, { size: 13, color: look.quiet }),
})

const saysOf = ({ says }: Extract<ScreenPart, { says: string }>, { width }: Room): Piece => {
  const words = paragraph(20, width - 40, says, { size: 14, color: look.quiet })
  return { height: words.height + 16, svg: move(0, 8, words.svg) }
}

/** Words in a player's corner; a marked one is ringed, with its number above it or, at the top, before it. */
const control = (x: number, y: number, words: string, step: number | undefined): string => {
  const width = widthOf(words, 14) + 16
  const ring =
    step === undefined
      ? ''
      : box(
          { x: x - 2, y: y - 15, width: width + 4, height: 30 },
          { stroke: '#ffa94d', strokeWidth: 2.5, round: 8 },
        )
  const isTop = y < 40
  const number = step === undefined ? '' : isTop ? badge(x - 19, y, step) : badge(x + width / 2, y - 27, step)
  return ring + text(x + 8, y, words, { size: 14, color: look.card, bold: step !== undefined }) + number
}

const line = (
  words: readonly string[],
  from: number,
  y: number,
  marks: Readonly<Record<string, number>>,
): string => {
  let x = from
  return words
    .map((word) => {
      const drawn = control(x, y, word, marks[word])
      x += widthOf(word, 14) + 24
      return drawn
    })
    .join('')
}

const playerOf = (part: Extract<ScreenPart, { player: string }>, { width }: Room): Piece => {
  const { player, top, bottom, danmaku, marks } = part
  const height = 186
  const used = (words: readonly string[]): number =>
    words.reduce((sum, word) => sum + widthOf(word, 14) + 24, 0)
  const flying = danmaku.map((words, at) =>
    text(40 + at * 62, 56 + at * 26, words, { size: 14, color: '#dbe7f3' }),
  )
  return {
    height,
    svg:
      box({ x: 0, y: 0, width, height }, { fill: '#243342' }) +
      flying.join('') +
      (danmaku.length > 0 ? '' : path(`M${width / 2 - 12} 74 l28 17 l-28 17 z`, '#8fa3b8', 3)) +
      text(14, 22, player, { size: 14, color: '#dbe7f3' }) +
      line(top, width - used(top) + 4, 22, marks) +
      path(`M14 146 H${width - 14}`, '#5b7186', 3) +
      path(`M14 146 H${width / 3}`, look.card, 3) +
      line(bottom, width - used(bottom) + 4, 168, marks),
  }
}

const tabsOf = ({ tabs, active, step }: Extract<ScreenPart, { tabs: string[] }>, { width }: Room): Piece => {
  const share = width / tabs.length
  return {
    height: 46,
    svg:
      tabs
        .map((tab, at) => {
          const isActive = tab === active
          const x = share * (at + 0.5)
          const color = isActive ? look.accent : look.quiet
          const bar = isActive ? path(`M${x - 16} 42 h32`, look.accent, 3) : ''
          const number = isActive && step !== undefined ? badge(x - widthOf(tab, 15) / 2 - 18, 22, step) : ''
          return text(x, 22, tab, { size: 15, color, bold: isActive, anchor: 'middle' }) + bar + number
        })
        .join('') + under(width, 46),
  }
}

/** Something like a code to scan, and not one: the same for everybody, and nothing is in it. */
const pretendCode = (size: number): string => {
  const cells = 17
  const cell = size / cells
  const corner = (x: number, y: number): boolean =>
    (x < 6 && y < 6) || (x > cells - 7 && y < 6) || (x < 6 && y > cells - 7)
  const dots: string[] = []
  for (let y = 0; y < cells; y += 1)
    for (let x = 0; x < cells; x += 1)
      if (!corner(x, y) && (x * 7 + y * 13 + x * y * 3) % 5 < 2)
        dots.push(box({ x: x * cell, y: y * cell, width: cell, height: cell }, { fill: look.ink }))
  const eye = (x: number, y: number): string =>
    box(
      { x: x + cell / 2, y: y + cell / 2, width: cell * 4, height: cell * 4 },
      { stroke: look.ink, strokeWidth: cell },
    ) +
    box({ x: x + cell * 1.7, y: y + cell * 1.7, width: cell * 1.6, height: cell * 1.6 }, { fill: look.ink })
  return dots.join('') + eye(0, 0) + eye(size - cell * 5, 0) + eye(0, size - cell * 5)
}

const codeOf = ({ code }: Extract<ScreenPart, { code: string }>, { width }: Room): Piece => ({
  height: 164,
  svg:
    move(width / 2 - 51, 16, pretendCode(102)) +
    text(width / 2, 142, code, { size: 14, color: look.quiet, anchor: 'middle' }),
})

const dialogOf = (part: Extract<ScreenPart, { dialog: string }>, { width }: Room): Piece => {
  const { dialog, buttons, step } = part
  const words = linesOf(dialog, 15, width - 88)
  const inner = words.length * 23 + 74
  const each = (width - 48) / buttons.length
  const drawn = buttons.map((label, at) => {
    const isLast = at === buttons.length - 1
    const x = 24 + each * (at + 0.5)
    const number =
      isLast && step !== undefined ? badge(x - widthOf(label, 16) / 2 - 20, inner - 12, step) : ''
    return (
      text(x, inner - 12, label, {
        size: 16,
        color: isLast ? look.accent : look.quiet,
        bold: isLast,
        anchor: 'middle',
      }) + number
    )
  })
  return {
    height: inner + 26,
    svg:
      box({ x: 0, y: 0, width, height: inner + 26 }, { fill: '#dfe5eb' }) +
      box(
        { x: 24, y: 12, width: width - 48, height: inner },
        { fill: look.card, stroke: look.frame, round: 12 },
      ) +
      words.map((one, at) => text(width / 2, 38 + at * 23, one, { size: 15, anchor: 'middle' })).join('') +
      path(`M24 ${inner - 32} H${width - 24}`, look.line, 1) +
      drawn.join(''),
  }
}

const iconsOf = ({ icons, marks }: Extract<ScreenPart, { icons: string[] }>, { width }: Room): Piece => {
  const share = width / icons.length
  return {
    height: 88,
    svg:
      icons
        .map((name, at) => {
          const x = share * (at + 0.5)
          const step = marks[name]
          const isMarked = step !== undefined
          const face =
            circle(x, 32, 18, isMarked ? [look.markTint, look.mark] : [look.page, look.line]) +
            text(x, 32, Array.from(name)[0] ?? '', {
              size: 16,
              anchor: 'middle',
              color: isMarked ? look.mark : look.quiet,
            })
          const label = text(x, 68, name, {
            size: 13,
            anchor: 'middle',
            bold: isMarked,
            color: isMarked ? look.mark : look.ink,
          })
          return face + label + (isMarked ? badge(x + 20, 17, step) : '')
        })
        .join('') + under(width, 88),
  }
}

/** One of the things that stand on a screen. */
export const partOf = (part: ScreenPart, room: Room): Piece => {
  if ('row' in part) return stepped(rowOf(part, room), part.step, room)
  if ('switch' in part) return stepped(switchOf(part, room), part.step, room)
  if ('button' in part) return stepped(buttonOf(part, room), part.step, room)
  if ('link' in part) return stepped(linkOf(part, room), part.step, room)
  if ('input' in part) return stepped(inputOf(part, room), part.step, room)
  if ('profile' in part) return stepped(profileOf(part, room), part.step, room)
  if ('section' in part) return sectionOf(part, room)
  if ('says' in part) return saysOf(part, room)
  if ('player' in part) return playerOf(part, room)
  if ('tabs' in part) return tabsOf(part, room)
  if ('code' in part) return stepped(codeOf(part, room), part.step, room)
  if ('dialog' in part) return dialogOf(part, room)
  return iconsOf(part, room)
}
