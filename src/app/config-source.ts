import { existsSync, readFileSync } from 'node:fs'
import { isMap, isScalar, parseDocument, visit } from 'yaml'
import { TongdaError } from '../core/errors.ts'
import type { ConfigFault } from '../config-faults.ts'

/** Environment variables that set one key each; a variable wins over the file. `NAME_FILE` names a file with the value. */
export const environmentKeys = {
  TONGDA_HOST: 'server.host',
  TONGDA_PORT: 'server.port',
  TONGDA_ROLE: 'server.role',
  TONGDA_PUBLIC_URL: 'server.publicUrl',
  TONGDA_DATA_DIR: 'dataDir',
  TONGDA_MASTER_KEY: 'masterKey',
  TONGDA_PRODUCTION: 'production',
  TONGDA_LOG_LEVEL: 'logLevel',
  TONGDA_SETTLE_MS: 'router.settleMs',
  DATABASE_URL: 'database.url',
  REDIS_URL: 'redis.url',
  TONGDA_S3_ACCESS_KEY_ID: 'media.s3.accessKeyId',
  TONGDA_S3_SECRET_ACCESS_KEY: 'media.s3.secretAccessKey',
  TONGDA_METRICS_TOKEN: 'telemetry.metricsToken',
  TONGDA_OTLP_URL: 'telemetry.otlp.url',
  TONGDA_LLM_API_KEY: 'llm.model.apiKey',
  TONGDA_LLM_FALLBACK_API_KEY: 'llm.fallback.apiKey',
} as const

/** Read when there is one. */
export const defaultConfigFile = 'tongda.yaml'

type Environment = Readonly<Record<string, string | undefined>>

/** A variable's value, or the content of the file that `NAME_FILE` names. */
const readVariable = (name: string, environment: Environment): string | undefined => {
  const value = environment[name]
  if (value !== undefined && value !== '') return value
  const file = environment[`${name}_FILE`]
  if (file === undefined || file === '') return undefined
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    throw new TongdaError(
      'bad_config',
      `${name}_FILE names ${file}, which cannot be read; check the path and its permissions`,
    )
  }
}

const reference = /\$\{([A-Z][A-Z0-9_]*)\}/g

const words: Readonly<Record<string, boolean>> = {
  true: true,
  '1': true,
  yes: true,
  false: false,
  '0': false,
  no: false,
}

const put = (target: Record<string, unknown>, path: readonly string[], value: unknown): void => {
  const [first, ...rest] = path
  if (first === undefined) return
  if (rest.length === 0) {
    target[first] = value
    return
  }
  const inner = target[first]
  const next: Record<string, unknown> = typeof inner === 'object' && inner !== null ? { ...inner } : {}
  target[first] = next
  put(next, rest, value)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const readYaml = (path: string, environment: Environment, faults: ConfigFault[]): Record<string, unknown> => {
  if (!existsSync(path)) {
    // Only the usual file may be absent: a named one that is not there is a mistake, and must not start the sandbox.
    if (path !== defaultConfigFile)
      faults.push({ key: path, value: 'no file', expected: 'the configuration file named with -c' })
    return {}
  }
  const document = parseDocument(readFileSync(path, 'utf8'), { uniqueKeys: true })
  for (const error of document.errors) {
    const line = error.linePos?.[0].line ?? 0
    faults.push({
      key: `${path}:${String(line)}`,
      value: '(YAML)',
      expected: error.message.split('\n')[0] ?? 'valid YAML',
    })
  }
  if (document.contents !== null && !isMap(document.contents)) {
    faults.push({ key: path, value: '(YAML)', expected: 'keys with values, e.g. server: { port: 8787 }' })
    return {}
  }
  visit(document, {
    Scalar: (_key, node) => {
      if (!isScalar(node) || typeof node.value !== 'string') return
      node.value = node.value.replace(reference, (whole, name: string) => {
        const value = readVariable(name, environment)
        if (value === undefined) {
          faults.push({
            key: path,
            value: whole,
            expected: `the environment variable ${name} or ${name}_FILE to be set`,
          })
        }
        return value ?? ''
      })
    },
  })
  if (document.errors.length > 0) return {}
  const raw: unknown = document.toJS()
  return isRecord(raw) ? raw : {}
}

/** Reads `tongda.yaml` and the environment into one raw configuration; faults of reading are returned, not thrown. */
export const readConfigSources = (
  path: string,
  environment: Environment,
): { readonly raw: Record<string, unknown>; readonly faults: readonly ConfigFault[] } => {
  const faults: ConfigFault[] = []
  const raw = readYaml(path, environment, faults)
  for (const [name, key] of Object.entries(environmentKeys)) {
    const value = readVariable(name, environment)
    if (value !== undefined) put(raw, key.split('.'), key === 'production' ? (words[value] ?? value) : value)
  }
  return { raw, faults }
}

/** The faults as one readable error. */
export const explainFaults = (faults: readonly ConfigFault[]): TongdaError =>
  new TongdaError(
    'bad_config',
    [
      `the configuration has ${faults.length === 1 ? 'a fault' : `${String(faults.length)} faults`}:`,
      ...faults.map(
        ({ key, value, expected, example }) =>
          `  ${key}: found ${value}; expected ${expected}${example === undefined ? '' : `; for example ${example}`}`,
      ),
    ].join('\n'),
    { faults },
  )
