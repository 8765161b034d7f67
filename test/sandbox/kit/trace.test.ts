import { expect, it } from 'vitest'
import { createTrace, type TracedExchange } from '../../../sandbox/kit/trace.ts'

const exchange: Omit<TracedExchange, 'id'> = {
  kind: 'push',
  ...{ at: new Date(), title: 'POST /', status: '200', problems: [] },
  ...{ request: 'x'.repeat(1_000_000), response: 'y'.repeat(1_000_000) },
}

it('keeps little of what is large, and no command that would be cut', () => {
  const trace = createTrace(() => undefined)
  trace.add({ ...exchange, curl: `curl ${exchange.request}` })
  trace.add({ ...exchange, curl: 'curl x' })
  const [small, large] = trace.all()
  expect([small?.curl, large?.curl]).toEqual(['curl x', undefined])
  expect(JSON.stringify(trace.all()).length).toBeLessThan(100_000)
})
