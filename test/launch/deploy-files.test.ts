// What ships in deploy/ fits together, as far as that can be read.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

const read = (name: string): string => readFileSync(`deploy/${name}`, 'utf8')

const Compose = z.looseObject({
  services: z.record(z.string(), z.looseObject({ image: z.string(), read_only: z.boolean().optional() })),
})
const services = () => Compose.parse(parse(read('compose.yaml'), { merge: true })).services

/** The lines of a section of a unit. */
const section = (name: string): readonly string[] =>
  (new RegExp(`^\\[${name}\\]\\n([^[]*)`, 'm').exec(read('tongda.service'))?.[1] ?? '').split('\n')

const order = ([major = 0, minor = 0, patch = 0]: readonly number[]): number =>
  major * 1e6 + minor * 1e3 + patch

it('the image has everything it makes before it is read-only and another user’s', () => {
  const lines = read('Dockerfile').split('\n')
  const made = lines.findIndex((line) => /^RUN node src\/launch\.mjs prepare\b/.test(line))
  expect(made).toBeGreaterThan(lines.indexOf('COPY . .'))
  expect(made).toBeLessThan(lines.indexOf('USER node'))
  expect(services()['node-1']?.read_only).toBe(true)
})

it('the unit may not write where the code lies, says what to run before, and waits for its database as long as it takes', () => {
  expect(section('Service')).toContain('ProtectSystem=strict')
  expect(read('tongda.service')).toContain('npm run -s tongda -- prepare')
  expect(section('Unit')).toContain('StartLimitIntervalSec=0')
  expect(section('Service')).toEqual(expect.arrayContaining(['Restart=always', 'RestartSec=2']))
})

it('the proxy knows the nodes of compose, and can do what it is told', () => {
  const upstream = /upstream tongda \{([^}]*)\}/.exec(read('nginx.conf'))?.[1] ?? ''
  const servers = [...upstream.matchAll(/^ *server ([\w-]+):8787 resolve /gm)].map(([, name]) => name)
  expect(servers).toEqual(Object.keys(services()).filter((name) => name.startsWith('node-')))
  expect(upstream).toMatch(/^ *zone /m)
  expect(upstream).toMatch(/^ *resolver 127\.0\.0\.11 /m)
  // Older ones follow no names.
  const version = (services().proxy?.image.match(/\d+/g) ?? []).map(Number)
  expect(order(version)).toBeGreaterThanOrEqual(order([1, 27, 3]))
})
