import { mkdirSync, writeFileSync } from 'node:fs'
import { format } from 'prettier'
import { configJsonSchema, configReference } from '../src/app/config-reference.ts'
import { apiSchemas } from '../src/app/api-schemas.ts'
import { apiDocument } from '../src/http/index.ts'
import { clientTypes } from './client-types.ts'
import { partsReference } from '../src/app/parts-reference.ts'
import { conformanceReference } from '../test/conformance/reference.ts'

const docs = new URL('../docs/', import.meta.url)

const writeJson = async (file: string, value: unknown): Promise<void> =>
  writeFileSync(new URL(file, docs), await format(JSON.stringify(value), { parser: 'json', printWidth: 110 }))

writeFileSync(
  new URL('configuration.md', docs),
  await format(configReference(), { parser: 'markdown', printWidth: 110 }),
)
await writeJson('tongda.schema.json', configJsonSchema())
mkdirSync(new URL('channels/', docs), { recursive: true })
for (const [file, schema] of Object.entries(apiSchemas())) await writeJson(`channels/${file}`, schema)
writeFileSync(
  new URL('parts.md', docs),
  await format(partsReference(), { parser: 'markdown', printWidth: 110 }),
)
writeFileSync(
  new URL('conformance.md', docs),
  await format(conformanceReference(), { parser: 'markdown', printWidth: 110 }),
)
await writeJson('openapi.json', apiDocument())
writeFileSync(new URL('../src/client/schema.ts', docs), await clientTypes(apiDocument()))
