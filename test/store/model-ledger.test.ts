import { describe } from 'vitest'
import { itIsAModelLedger } from '../contract/model-ledger.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('the ledger of language models on the embedded database', () => itIsAModelLedger(openTestEmbedded))
describeWith('postgres', 'the ledger of language models on PostgreSQL', (url) =>
  itIsAModelLedger(() => openTestPostgres(url)),
)
