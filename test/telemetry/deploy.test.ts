// Alert rules and dashboard name only what a running product tells.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { scrape } from '../support/metrics.ts'
import { startProduct, type Product } from '../support/product.ts'

const Rules = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      rules: z.array(
        z.object({
          alert: z.string().regex(/^Tongda[A-Z]\w+$/),
          expr: z.string().min(1),
          for: z
            .string()
            .regex(/^\d+[smh]$/)
            .optional(),
          labels: z.object({ severity: z.enum(['warning', 'critical']) }),
          annotations: z.object({ summary: z.string().min(1), action: z.string().min(1) }),
        }),
      ),
    }),
  ),
})
const Panel = z.looseObject({
  id: z.number(),
  type: z.string(),
  title: z.string().min(1),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
  targets: z.array(z.looseObject({ expr: z.string().min(1), refId: z.string() })).optional(),
})
const Dashboard = z.looseObject({
  uid: z.string(),
  schemaVersion: z.number().min(39),
  panels: z.array(Panel).min(10),
})

const rules = () =>
  Rules.parse(parse(readFileSync('deploy/prometheus/alerts.yaml', 'utf8'))).groups.flatMap(
    (group) => group.rules,
  )
const panels = () => Dashboard.parse(JSON.parse(readFileSync('deploy/grafana/tongda.json', 'utf8'))).panels

const metricsIn = (expressions: readonly string[]): readonly string[] => [
  ...new Set(expressions.flatMap((expression) => expression.match(/\btongda_\w+/g) ?? [])),
]

let product: Product
beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.dispose())

/** What only a node with PostgreSQL or Redis tells; that it does is tested beside it. */
const elsewhere = new Set(['tongda_database_connections', 'tongda_database_waiting', 'tongda_redis_up'])

/** A histogram's samples carry its name and an ending; a counter that nothing was counted by has its HELP line alone. */
const unknown = async (names: readonly string[]): Promise<readonly string[]> => {
  const { families } = await scrape(product.app.url)
  return names.filter((name) => {
    const family = name.replace(/_(?:bucket|sum|count)$/, '')
    return !families.has(name) && !families.has(family) && !elsewhere.has(name)
  })
}

describe('alert rules', () => {
  it('are read, and each has a name of its own', () => {
    const names = rules().map(({ alert }) => alert)
    expect(names.length).toBeGreaterThan(15)
    expect(new Set(names).size).toBe(names.length)
  })

  it('name metrics that are told', async () => {
    const names = metricsIn(rules().map(({ expr }) => expr))
    expect(names.length).toBeGreaterThan(15)
    expect(await unknown(names)).toEqual([])
  })
})

describe('the dashboard', () => {
  it('has panels that do not lie over each other', () => {
    const all = panels()
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
    const cells = all.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${String(x + (at % w))},${String(y + Math.floor(at / w))}`),
    )
    expect(new Set(cells).size).toBe(cells.length)
    expect(all.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true)
  })

  it('names metrics that are told', async () => {
    const names = metricsIn(panels().flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)))
    expect(names.length).toBeGreaterThan(25)
    expect(await unknown(names)).toEqual([])
  })
})
