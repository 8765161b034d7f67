import type { ReliabilityBin } from '../../../intents/index.ts'

const size = 320
const margin = 48
const at = (share: number): number => Number((share * size).toFixed(1))
/** Radius of a bin's dot: its area grows with the number of texts. */
const radius = (count: number, most: number): string => (2 + 10 * Math.sqrt(count / most)).toFixed(1)

const ticks = [0, 0.25, 0.5, 0.75, 1]

const axes = ticks
  .map(
    (tick) =>
      `<line x1="${at(tick)}" y1="0" x2="${at(tick)}" y2="${size}" class="grid"/>` +
      `<line x1="0" y1="${at(tick)}" x2="${size}" y2="${at(tick)}" class="grid"/>` +
      `<text x="${at(tick)}" y="${size + 16}" text-anchor="middle">${tick}</text>` +
      `<text x="-8" y="${at(1 - tick) + 4}" text-anchor="end">${tick}</text>`,
  )
  .join('\n')

/** A reliability diagram as SVG: on the diagonal, what was said with 80 % confidence was right 80 % of the time. */
export const plotReliability = (bins: readonly ReliabilityBin[]): string => {
  const filled = bins.filter(({ count }) => count > 0)
  const most = Math.max(1, ...filled.map(({ count }) => count))
  const line = filled.map(({ confidence, right }) => `${at(confidence)},${at(1 - right)}`).join(' ')
  const dots = filled.map(
    ({ confidence, right, count }) =>
      `<circle cx="${at(confidence)}" cy="${at(1 - right)}" r="${radius(count, most)}"><title>${confidence.toFixed(2)} → ${right.toFixed(2)} (${count})</title></circle>`,
  )
  const whole = size + 2 * margin
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${whole} ${whole}" width="${whole}" height="${whole}" role="img" aria-label="校准图 reliability diagram">
<style>text{font:12px sans-serif;fill:#333}.grid{stroke:#ddd}.ideal{stroke:#888;stroke-dasharray:4 4}polyline{fill:none;stroke:#1d5fbf;stroke-width:2}circle{fill:#1d5fbf;fill-opacity:.55}</style>
<rect width="${whole}" height="${whole}" fill="#fff"/>
<g transform="translate(${margin} ${margin})">
${axes}
<line x1="0" y1="${size}" x2="${size}" y2="0" class="ideal"/>
<polyline points="${line}"/>
${dots.join('\n')}
<text x="${size / 2}" y="${size + 36}" text-anchor="middle">置信度 confidence</text>
<text transform="translate(-34 ${size / 2}) rotate(-90)" text-anchor="middle">实际正确 right</text>
</g>
</svg>
`
}
