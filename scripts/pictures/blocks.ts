import type { Block, Choose, Flow, Picture, Table } from './schema.ts'
import { screenOf } from './screen.ts'
import { badge, box, linesOf, look, move, paragraph, path, stack, text, widthOf, type Piece } from './svg.ts'

/** Width of every picture before it is drawn at twice its size. */
export const pictureWidth = 360
const margin = 16
const inner = pictureWidth - margin * 2

const toneColors = {
  plain: { edge: look.line, fill: look.card, ink: look.quiet },
  accent: { edge: look.accent, fill: look.tint, ink: look.accent },
  good: { edge: look.good, fill: look.goodTint, ink: look.good },
  bad: { edge: look.bad, fill: look.badTint, ink: look.bad },
} as const

/** Where to go: page after page. */
const pathOf = (pages: readonly string[]): Piece => {
  let x = 0
  let y = 0
  const drawn = pages.map((page, at) => {
    const isLast = at === pages.length - 1
    const width = widthOf(page, 15) + 22
    if (x + width > inner) {
      x = 0
      y += 42
    }
    const fill = isLast ? look.accent : look.tint
    const chip =
      box({ x, y, width, height: 34 }, { fill, round: 17 }) +
      text(x + width / 2, y + 17, page, {
        size: 15,
        anchor: 'middle',
        bold: isLast,
        color: isLast ? look.card : '#084c93',
      })
    const arrow = isLast ? '' : path(`M${x + width + 6} ${y + 11} l6 6 l-6 6`, look.quiet)
    x += width + 20
    return chip + arrow
  })
  return { height: y + 34, svg: move(margin, 0, drawn.join('')) }
}

const flowOf = (steps: Flow): Piece => {
  const pieces = steps.map(({ title, note, tone }, at): Piece => {
    const { edge, fill } = toneColors[tone]
    const head = paragraph(54, inner - 70, title, { size: 16, bold: true, leading: 1.4 })
    const below =
      note === undefined ? undefined : paragraph(54, inner - 70, note, { size: 14, color: look.quiet })
    const height = 13 + head.height + (below === undefined ? 0 : below.height + 2) + 13
    const isLast = at === steps.length - 1
    const arrow = isLast ? '' : path(`M${inner / 2} ${height + 3} v12 m-6 -6 l6 6 l6 -6`, look.quiet)
    return {
      height: height + (isLast ? 0 : 20),
      svg:
        box(
          { x: 0, y: 0, width: inner, height },
          { fill, stroke: edge, strokeWidth: tone === 'plain' ? 1.2 : 2, round: 12 },
        ) +
        badge(28, height / 2, at + 1, tone === 'bad' ? look.bad : tone === 'good' ? look.good : look.accent) +
        move(0, 13, head.svg) +
        (below === undefined ? '' : move(0, 13 + head.height + 2, below.svg)) +
        arrow,
    }
  })
  const all = stack(pieces, 0)
  return { height: all.height, svg: move(margin, 0, all.svg) }
}

interface Column {
  readonly x: number
  readonly width: number
}

const columnsOf = ({ head, shares }: Table): readonly Column[] => {
  const parts = head.map((_, at) => shares?.[at] ?? 1)
  const sum = parts.reduce((total, part) => total + part, 0)
  let x = 0
  return parts.map((part) => {
    const width = (inner * part) / sum
    x += width
    return { x: x - width, width }
  })
}

const cellColor = (words: string, usual: string): string => {
  if (words.startsWith('✓')) return look.good
  return words.startsWith('✕') ? look.bad : usual
}

const tableOf = (table: Table): Piece => {
  const columns = columnsOf(table)
  const rowOf = (cells: readonly string[], at: number): Piece => {
    const isHead = at === 0
    const isMarked = at === table.mark
    const drawn = columns.map(({ x, width }, place) =>
      paragraph(x + 10, width - 16, cells[place] ?? '', {
        size: isHead ? 14 : 14.5,
        bold: isHead || place === 0 || isMarked,
        color: isHead
          ? look.card
          : cellColor(cells[place] ?? '', isMarked && place > 0 ? look.mark : look.ink),
        leading: 1.4,
      }),
    )
    const height = Math.max(...drawn.map((cell) => cell.height)) + 18
    const fill = isHead ? look.accent : isMarked ? look.markTint : at % 2 === 0 ? '#f7f9fb' : look.card
    const centred = drawn.map((cell) => move(0, (height - cell.height) / 2, cell.svg))
    return { height, svg: box({ x: 0, y: 0, width: inner, height }, { fill }) + centred.join('') }
  }
  const all = stack([table.head, ...table.rows].map(rowOf), 0)
  const round = `<clipPath id="table"><rect width="${inner}" height="${all.height}" rx="10"/></clipPath>`
  const edge = box(
    { x: 0, y: 0, width: inner, height: all.height },
    { stroke: look.line, strokeWidth: 1.5, round: 10 },
  )
  return {
    height: all.height,
    svg: move(margin, 0, `${round}<g clip-path="url(#table)">${all.svg}</g>${edge}`),
  }
}

const signs = { plain: '›', accent: '›', good: '✓', bad: '✕' } as const

const chooseOf = (ways: Choose): Piece => {
  const pieces = ways.map(({ when, then, tone }): Piece => {
    const { edge, fill, ink } = toneColors[tone]
    const head = paragraph(48, inner - 62, when, { size: 16, bold: true, leading: 1.4 })
    const below = paragraph(48, inner - 62, then, { size: 14.5, color: look.ink })
    const height = head.height + below.height + 28
    return {
      height,
      svg:
        box({ x: 0, y: 0, width: inner, height }, { fill, stroke: edge, strokeWidth: 2, round: 12 }) +
        text(25, 13 + 11, signs[tone], { size: 20, bold: true, color: ink, anchor: 'middle' }) +
        move(0, 12, head.svg) +
        move(0, 15 + head.height, below.svg),
    }
  })
  const all = stack(pieces, 10)
  return { height: all.height, svg: move(margin, 0, all.svg) }
}

const noteOf = (words: string): Piece => {
  const said = paragraph(18, inner - 32, words, { size: 14, color: look.ink })
  const height = said.height + 18
  return {
    height,
    svg: move(
      margin,
      0,
      box({ x: 0, y: 0, width: inner, height }, { fill: '#fff8dd', round: 8 }) +
        box({ x: 0, y: 0, width: 5, height }, { fill: '#e0a800', round: 2 }) +
        move(0, 9, said.svg),
    ),
  }
}

const arrowOf = (words: string | undefined): Piece => ({
  height: 30,
  svg:
    path(`M${pictureWidth / 2} 2 v24 m-8 -8 l8 8 l8 -8`, look.accent, 3) +
    (words === undefined
      ? ''
      : text(pictureWidth / 2 + 18, 14, words, { size: 14, color: look.accent, bold: true })),
})

const blockOf = (block: Block): Piece => {
  if ('path' in block) return pathOf(block.path)
  if ('screen' in block) return screenOf(block.screen, pictureWidth)
  if ('flow' in block) return flowOf(block.flow)
  if ('table' in block) return tableOf(block.table)
  if ('choose' in block) return chooseOf(block.choose)
  if ('note' in block) return noteOf(block.note)
  if ('caption' in block)
    return { height: 24, svg: text(margin, 12, block.caption, { size: 15, bold: true, color: look.quiet }) }
  return arrowOf(block.arrow)
}

const titleOf = (words: string): Piece => {
  const lines = linesOf(words, 19, inner)
  const drawn = lines.map((line, at) =>
    text(pictureWidth / 2, 15 + at * 27, line, { size: 19, bold: true, anchor: 'middle' }),
  )
  return { height: lines.length * 27 + 4, svg: drawn.join('') }
}

/** A picture as SVG: its title and its blocks below each other. Pure: same description, same drawing. */
export const drawingOf = ({ title, blocks }: Picture): string => {
  const all = stack([titleOf(title), ...blocks.map(blockOf)], 14)
  const height = Math.ceil(all.height + 36)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${pictureWidth}" height="${height}" viewBox="0 0 ${pictureWidth} ${height}" font-family="'Noto Sans CJK SC','Noto Sans SC',sans-serif"><rect width="100%" height="100%" fill="${look.page}"/>${move(0, 18, all.svg)}</svg>`
}
