import { describe } from 'vitest'
import { itCopiesContacts } from '../contract/personal-copies.ts'
import { itErasesContacts } from '../contract/personal-erasure.ts'
import { itForgetsContacts } from '../contract/personal-return.ts'
import { itRetiresContacts } from '../contract/personal-retention.ts'
import { openTestEmbedded, openTestPostgres, type TestDatabase } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'

const itKeepsPersonalData = (open: () => Promise<TestDatabase>): void => {
  describe('erasing', () => itErasesContacts(open))
  describe('after it', () => itForgetsContacts(open))
  describe('copying', () => itCopiesContacts(open))
  describe('retiring', () => itRetiresContacts(open))
}

describe('personal data on the embedded database', () => itKeepsPersonalData(openTestEmbedded))
describeWith('postgres', 'personal data on PostgreSQL', (url) =>
  itKeepsPersonalData(() => openTestPostgres(url)),
)
