import axe, { type AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** Nothing moves or changes its colour, but for what does so for ever. */
const isAtRest = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(
  document.getAnimations().every(({ playState, effect }) =>
    playState !== 'running' || effect?.getComputedTiming().endTime === Infinity)))))`

/**
 * What keeps people out of the page as it is shown now: serious and critical barriers, said so that they can be mended.
 * `within`: only what this selector finds; default the whole page.
 */
export const findBarriers = async (page: Page, within?: string): Promise<readonly string[]> => {
  // Half way from one colour to another there may be little contrast.
  await expect.poll(() => page.evaluate(isAtRest)).toBe(true)
  const place = within === undefined ? 'document' : JSON.stringify(within)
  // Evaluated, not added as a script: the page's own policy lets none in from outside.
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate<AxeResults>(`axe.run(${place}, { resultTypes: ['violations'] })`)
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, target, failureSummary = '' }) =>
        [id, target.join(' '), html, failureSummary].join('\n'),
      ),
    )
}
