import { describe } from 'vitest'
import { areJobs } from '../contract/jobs.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('background jobs on the embedded database', () => areJobs(openTestEmbedded))
describeWith('postgres', 'background jobs on PostgreSQL', (url) => areJobs(() => openTestPostgres(url)))
