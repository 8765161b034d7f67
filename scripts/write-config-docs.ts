import { writeFileSync } from 'node:fs'
import { format } from 'prettier'
import { configJsonSchema, configReference } from '../src/app/config-reference.ts'
import { partsReference } from '../src/app/parts-reference.ts'

const docs = new URL('../docs/', import.meta.url)
writeFileSync(
  new URL('configuration.md', docs),
  await format(configReference(), { parser: 'markdown', printWidth: 110 }),
)
writeFileSync(
  new URL('tongda.schema.json', docs),
  await format(JSON.stringify(configJsonSchema()), { parser: 'json', printWidth: 110 }),
)
writeFileSync(
  new URL('parts.md', docs),
  await format(partsReference(), { parser: 'markdown', printWidth: 110 }),
)
