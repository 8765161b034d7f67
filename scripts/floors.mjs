// Compares the lock files with the versions in which holes are known (floors.json), without a network. Fails naming
// package, version, path and advisory. `node scripts/floors.mjs [--floors FILE] [--root FOLDER]`
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { parseArgs } from 'node:util'

const registry = 'https://registry.npmjs.org/'

const parse = (version) => {
  const found = /^v?(\d+)\.(\d+)\.(\d+)(-[^+]+)?/.exec(version)
  // A version that cannot be read counts as the lowest: it is reported rather than passed over.
  if (found === null) return [0, 0, 0, 0]
  // What comes before a release stands below it.
  return [...found.slice(1, 4).map(Number), found[4] === undefined ? 1 : 0]
}

const compare = (a, b) => {
  const [left, right] = [parse(a), parse(b)]
  const at = left.findIndex((number, place) => number !== right[place])
  return at < 0 ? 0 : left[at] - right[at]
}

const holds = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
}

/** Whether a version lies in a range such as `>=2.0.0 <=2.1.6`. */
const isIn = (version, range) =>
  range.split(' ').every((bound) => {
    const [, sign, limit] = /^([<>]=?)(\d.*)$/.exec(bound) ?? []
    if (sign === undefined) throw new Error(`floors.json: ${range} is no range; write it as >=2.0.0 <2.1.7`)
    return holds[sign](compare(version, limit))
  })

/** Every package of a lock file: by its own name where it is installed under another's. */
const entriesOf = (lock) =>
  Object.entries(lock.packages ?? {}).flatMap(([path, entry]) =>
    path === '' ? [] : [{ path, name: entry.name ?? path.split('node_modules/').at(-1), ...entry }],
  )

const faultsOfVersions = ({ floors, barred }, accepted, entries) =>
  entries.flatMap(({ name, version = '0.0.0', path }) => {
    const where = `${name} ${version} at ${path}`
    const bars = barred.filter(({ package: known }) => known === name)
    if (accepted.some((one) => one.package === name && one.version === version)) return []
    return [
      ...floors
        .filter((one) => one.package === name && one.affected.some((range) => isIn(version, range)))
        .map(
          ({ affected, advisories }) =>
            `${where} is affected (${affected.join(' or ')}): ${advisories.join(', ')}`,
        ),
      ...bars.map(({ because }) => `${where} is ruled out: ${because}`),
    ]
  })

/** Where a package comes from, that nobody changed it on the way, and what it may run while it is installed. */
const faultsOfSource = (mayInstallByScript, entries) =>
  entries.flatMap(({ name, version, path, resolved, integrity, link, hasInstallScript }) => {
    const where = `${name} ${version} at ${path}`
    return [
      ...(link === true ? [`${where} is a link to a folder; take it from the registry`] : []),
      // The lock files leave `resolved` out: npm then asks the registry.
      ...(resolved !== undefined && !resolved.startsWith(registry)
        ? [`${where} comes from ${resolved}; take it from ${registry}`]
        : []),
      ...(/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? '')
        ? []
        : [`${where} has no sha512 integrity; make the lock file anew with npm install`]),
      ...(hasInstallScript === true && !mayInstallByScript.includes(name)
        ? [`${where} runs a script when it is installed; read it, then add it to mayInstallByScript`]
        : []),
    ]
  })

/** What is allowed and not there any more must not wait for its next user. */
const faultsOfData = ({ accepted, mayInstallByScript }, entries) => [
  ...accepted
    .filter((one) => !entries.some(({ name, version }) => name === one.package && version === one.version))
    .map(
      (one) => `floors.json accepts ${one.package} ${one.version}, which is not there any more; remove it`,
    ),
  ...mayInstallByScript
    .filter((allowed) => !entries.some(({ name, hasInstallScript }) => name === allowed && hasInstallScript))
    .map((allowed) => `floors.json lets ${allowed} run a script, which it does not any more; remove it`),
]

const { values } = parseArgs({ options: { floors: { type: 'string' }, root: { type: 'string' } } })
const root = values.root ?? join(import.meta.dirname, '..')
const data = JSON.parse(readFileSync(values.floors ?? join(import.meta.dirname, 'floors.json'), 'utf8'))

const check = (rules) => {
  const file = join(root, rules.file)
  if (!existsSync(file)) return { count: 0, faults: ['is not there'] }
  const lock = JSON.parse(readFileSync(file, 'utf8'))
  if (lock.lockfileVersion !== 3)
    return { count: 0, faults: ['is no lock file of version 3; use npm 9 or later'] }
  const entries = entriesOf(lock)
  const faults = [
    ...faultsOfVersions(data, rules.accepted, entries),
    ...faultsOfSource(rules.mayInstallByScript, entries),
    ...faultsOfData(rules, entries),
  ]
  return { count: entries.length, faults }
}

for (const rules of data.locks) {
  const { count, faults } = check(rules)
  for (const fault of faults) process.stderr.write(`✗ ${rules.file}: ${fault}\n`)
  if (faults.length > 0) process.exitCode = 1
  else process.stdout.write(`✓ ${rules.file}: ${count} packages, none below its floor\n`)
}
