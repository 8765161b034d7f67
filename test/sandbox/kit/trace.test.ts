import { expect, it } from 'vitest'
import { createTrace, type TracedExchange } from '../../../sandbox/kit/trace.ts'

<<<<<<< HEAD
const exchange = {
  ...{ at: new Date(), kind: 'push' as const, title: 'POST /', status: '200', problems: [] },
=======
const exchange: Omit<TracedExchange, 'id'> = {
  kind: 'push',
  ...{ at: new Date(), title: 'POST /', status: '200', problems: [] },
>>>>>>> conformance
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
