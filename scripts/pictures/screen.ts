import { createHash } from 'node:crypto'
import type { Screen } from './schema.ts'
import { partOf, type Room } from './screen-parts.ts'
import { badge, box, look, move, path, stack, text, widthOf, type Piece } from './svg.ts'

const barOf = ({ title, right, rightStep }: Screen, { width }: Room): Piece | undefined => {
  if (title === undefined) return undefined
  const end = width - 18
  const ring =
    right === undefined || rightStep === undefined
      ? ''
      : box(
          { x: end - widthOf(right, 15) - 8, y: 7, width: widthOf(right, 15) + 16, height: 32 },
          { fill: look.markTint, stroke: look.mark, strokeWidth: 2.5, round: 9 },
        )
  const number =
    right === undefined || rightStep === undefined ? '' : badge(end - widthOf(right, 15) - 22, 23, rightStep)
  return {
    height: 46,
    svg:
      path('M24 16 l-7 7 l7 7', look.quiet) +
      text(width / 2, 23, title, { size: 16, bold: true, anchor: 'middle' }) +
      ring +
      (right === undefined ? '' : text(end, 23, right, { size: 15, anchor: 'end', color: look.ink })) +
      number +
      `<path d="M0 45.5 H${width}" stroke="${look.line}"/>`,
  }
}

const tabBar = ['首页', '动态', '消息', '我的'] as const

const navOf = ({ nav, navStep }: Screen, { width }: Room): Piece | undefined => {
  if (nav === undefined) return undefined
  const share = width / tabBar.length
  const drawn = tabBar.map((name, at) => {
    const x = share * (at + 0.5)
    const color = name === nav ? look.accent : look.quiet
    const icon = box(
      { x: x - 9, y: 9, width: 18, height: 18 },
      { stroke: color, strokeWidth: 2, round: at === 3 ? 9 : 5 },
    )
    const number = name === nav && navStep !== undefined ? badge(x - 27, 24, navStep) : ''
    return icon + text(x, 38, name, { size: 12.5, color, anchor: 'middle', bold: name === nav }) + number
  })
  return { height: 52, svg: `<path d="M0 .5 H${width}" stroke="${look.line}"/>` + drawn.join('') }
}

/** Round corners as their device has them, and what it stands on. */
const shells = {
  phone: { round: 18, foot: 0 },
  computer: { round: 8, foot: 20 },
  television: { round: 6, foot: 16 },
} as const

const footOf = (device: Screen['device'], width: number, height: number): string => {
  if (device === 'phone') return ''
  const middle = width / 2
  if (device === 'computer') return path(`M${middle - 18} ${height} l-6 14 h48 l-6 -14`, look.frame, 3)
  return path(`M${middle - 70} ${height + 2} l-14 12 M${middle + 70} ${height + 2} l14 12`, look.frame, 4)
}

/** A screen with what stands on it, in the frame of its device. */
export const screenOf = (screen: Screen, width: number): Piece => {
  const margin = 14
  const room = { width: width - margin * 2 }
  const pieces = [
    barOf(screen, room),
    ...screen.parts.map((part) => partOf(part, room)),
    navOf(screen, room),
  ].filter((piece) => piece !== undefined)
  const inside = stack(pieces, 0)
  const { round, foot } = shells[screen.device]
  const height = inside.height + (screen.device === 'phone' ? 12 : 6)
  const top = screen.device === 'phone' ? 6 : 3
  const frame = { x: 0, y: 0, width: room.width, height }
  const clip = `screen-${createHash('sha256').update(inside.svg).digest('hex').slice(0, 8)}`
  return {
    height: height + foot,
    svg: move(
      margin,
      0,
      `<clipPath id="${clip}">${box(frame, { round })}</clipPath>` +
        box(frame, { fill: look.card, round }) +
        `<g clip-path="url(#${clip})">${move(0, top, inside.svg)}</g>` +
        box(frame, { stroke: look.frame, strokeWidth: screen.device === 'phone' ? 2 : 4, round }) +
        footOf(screen.device, room.width, height) +
        move(0, top, inside.over),
    ),
  }
}
