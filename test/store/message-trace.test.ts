import { describe } from 'vitest'
import { itTellsTheWay } from '../contract/message-trace.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('the embedded database', () => itTellsTheWay(openTestEmbedded))
describeWith('postgres', 'PostgreSQL', (url) => itTellsTheWay(() => openTestPostgres(url)))
