import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { z } from 'zod'
import { parseSamples } from '../../src/app/top/samples.ts'
import type { ServerProcess } from '../server-process.ts'

const file = fileURLToPath(new URL('../../deploy/prometheus/alerts.yaml', import.meta.url))
const rule = 'TongdaMessageLost'
const Rules = z.looseObject({
  groups: z.array(z.looseObject({ rules: z.array(z.looseObject({ alert: z.string(), expr: z.string() })) })),
})

/** What the rule looks at: the name of a metric, and what its label `result` says. */
const selectorOf = (): { readonly name: string; readonly result: RegExp } => {
  const rules = Rules.parse(parse(readFileSync(file, 'utf8'))).groups.flatMap((group) => group.rules)
  const expr = rules.find(({ alert }) => alert === rule)?.expr ?? ''
  const [, name, results] = /(\w+)\{result=~"([\w|]+)"\}/.exec(expr) ?? []
  if (name === undefined || results === undefined) throw new Error(`${rule} looks at no result of sends`)
  return { name, result: new RegExp(`^(?:${results})$`) }
}

/** How many messages the nodes tell of, each of which the alert that messages are lost is made of. */
export const countAlarming = async (nodes: readonly ServerProcess[]): Promise<number> => {
  const { name, result } = selectorOf()
  const told = await Promise.all(nodes.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()))
  return told
    .flatMap(parseSamples)
    .filter((sample) => sample.name === name && result.test(sample.labels.get('result') ?? ''))
    .reduce((sum, { value }) => sum + value, 0)
}
