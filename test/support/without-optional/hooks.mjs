// Lets Node look for optional packages where there are none, so that the error is its own, and notes which were wanted.
import { appendFileSync, readFileSync } from 'node:fs'
import process from 'node:process'
import { URL } from 'node:url'

const { optionalDependencies } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
)
const isOptional = (specifier) =>
  Object.keys(optionalDependencies).some((name) => specifier === name || specifier.startsWith(`${name}/`))

export const resolve = (specifier, context, next) => {
  if (!isOptional(specifier)) return next(specifier, context)
  appendFileSync(process.env.WANTED_PACKAGES, `${specifier}\n`)
  return next(specifier, { ...context, parentURL: 'file:///without-packages/module.mjs' })
}
