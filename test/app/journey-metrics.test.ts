import { Registry } from 'prom-client'
import { expect, it } from 'vitest'
import { addJourneyMetrics } from '../../src/app/journey-metrics.ts'

it('keeps each part of a message’s way in seconds, in a histogram of its own', async () => {
  const registry = new Registry()
  const watch = addJourneyMetrics(registry)
  watch('acknowledge', 8)
  watch('queue', 30)
  watch('understand', 12)
  watch('turn', 40)
  watch('send', 120)
  watch('outbox', 90_000)
  // Two clocks may differ by a hair.
  watch('outbox', -3)
  const text = await registry.metrics()
  const sum = (name: string): number =>
    Number(new RegExp(`^tongda_${name}_seconds_sum (\\S+)$`, 'm').exec(text)?.[1])
  expect(['acknowledge', 'turn_wait', 'understand', 'turn', 'send', 'outbox_age'].map(sum)).toEqual([
    ...[0.008, 0.03, 0.012, 0.04, 0.12, 90],
  ])
  expect(text).toContain('tongda_acknowledge_seconds_bucket{le="0.01"} 1')
  expect(text).toContain('tongda_acknowledge_seconds_bucket{le="0.005"} 0')
  expect(text).toContain('tongda_outbox_age_seconds_bucket{le="60"} 1')
})
