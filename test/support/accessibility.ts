import axe from 'axe-core'
import type { Page } from 'playwright-core'

interface Violation {
  readonly id: string
  readonly impact: string
  readonly nodes: readonly { readonly html: string }[]
}

const run = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)`

/** What keeps people out of the page as it is shown now: serious and critical barriers, said so that they can be mended. */
export const findBarriers = async (page: Page): Promise<readonly string[]> => {
  // Evaluated, not added as a script: the page's own policy lets none in from outside.
  await page.evaluate(axe.source)
  const found = await page.evaluate<readonly Violation[]>(run)
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}
