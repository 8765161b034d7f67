import { writeFileSync } from 'node:fs'
import { format } from 'prettier'
import { configJsonSchema, configReference } from '../src/app/config-reference.ts'

const docs = new URL('../docs/', import.meta.url)
writeFileSync(
  new URL('configuration.md', docs),
  await format(configReference(), { parser: 'markdown', printWidth: 110 }),
)
writeFileSync(
  new URL('tongda.schema.json', docs),
  await format(JSON.stringify(configJsonSchema()), { parser: 'json', printWidth: 110 }),
)
