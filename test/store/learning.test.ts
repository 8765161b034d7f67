import { describe } from 'vitest'
import { learns } from '../contract/learning.ts'
import { looksAtGroupsAnew } from '../contract/learning-upkeep.ts'
import { proposalsBecomeDrafts } from '../contract/learning-drafts.ts'
import { learnsFromReaders } from '../contract/learning-readers.ts'
import { openTestEmbedded, openTestPostgres } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

describe('learning on the embedded database', () => {
  learns(openTestEmbedded)
})
describe('groups of questions on the embedded database', () => {
  looksAtGroupsAnew(openTestEmbedded)
})
describe('drafts of proposals on the embedded database', () => {
  proposalsBecomeDrafts(openTestEmbedded)
})
describe('learning from readers on the embedded database', () => {
  learnsFromReaders(openTestEmbedded)
})
describeWith('postgres', 'learning on PostgreSQL', (url) => {
  learns(() => openTestPostgres(url))
})
describeWith('postgres', 'groups of questions on PostgreSQL', (url) => {
  looksAtGroupsAnew(() => openTestPostgres(url))
})
describeWith('postgres', 'drafts of proposals on PostgreSQL', (url) => {
  proposalsBecomeDrafts(() => openTestPostgres(url))
})
describeWith('postgres', 'learning from readers on PostgreSQL', (url) => {
  learnsFromReaders(() => openTestPostgres(url))
})
